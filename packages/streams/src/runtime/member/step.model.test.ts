import { expect, test } from "vitest";
import { brokenInvariants } from "./invariants.ts";
import type { MemberEffect } from "./member-effect.ts";
import type { MemberEvent, MemberLimits } from "./member-event.ts";
import { initialState, mayProcess, type MemberState, nextDeadline } from "./member-state.ts";
import { step } from "./step.ts";

/**
 * Every interleaving of what can happen to a member with two tasks, up to a depth. Beside the member's own state the
 * world keeps what the tasks did: whether it was sealed, is durable, or is void.
 */
interface World {
  readonly state: MemberState;
  /** Tasks that did something since their last seal, and those whose sealed work is on the wire. */
  readonly unsealed: ReadonlySet<string>;
  readonly onWire: ReadonlySet<string>;
  /** Tokens that wait for an answer, and what they are about. */
  readonly waiting: ReadonlyMap<number, readonly string[]>;
  /** The epochs of producers that were opened and not shut. */
  readonly open: ReadonlySet<number>;
  readonly starts: ReadonlyMap<string, number>;
  readonly resuming: readonly string[];
  readonly tokens: number;
  readonly stops: number;
  readonly ended: number;
}

const tasks = ["0_0", "0_1"];
const limits: MemberLimits = {
  revokeMs: 40,
  joinMs: 30,
  settleMs: 50,
  wireMs: 20,
  openMs: 20,
  retryMs: 1,
  longestRetryMs: 4,
};

type Action = { readonly name: string; readonly run: (world: World) => World };
type Timeless<E> = E extends MemberEvent ? Omit<E, "at"> : never;

/** Deadlines count from 0 in every state: only their order matters, and not when they were made. */
const at = 0;

const happen = (world: World, event: Timeless<MemberEvent>, when: number = at): World => {
  const { state, effects } = step(world.state, { ...event, at: when }, limits);
  const broken = brokenInvariants(state);
  if (broken.length > 0) throw new Error(broken.join("; "));
  return effects.reduce(applied, { ...world, state });
};

const without = <T>(set: ReadonlySet<T>, ...items: readonly T[]): ReadonlySet<T> => {
  const copy = new Set(set);
  for (const item of items) copy.delete(item);
  return copy;
};

const check = (holds: boolean, rule: string): void => {
  if (!holds) throw new Error(rule);
};

const applied = (world: World, effect: MemberEffect): World => {
  switch (effect.type) {
    case "open":
      check(world.open.size === 0, "a producer is opened while another is open");
      return { ...world, open: new Set([effect.epoch]) };
    case "shut":
      // What a transaction held is void with it.
      return { ...world, open: without(world.open, effect.epoch), onWire: new Set(), unsealed: new Set() };
    case "start":
      return { ...world, starts: new Map([...world.starts, [effect.task, effect.life]]) };
    case "abandon": {
      const starts = new Map(world.starts);
      starts.delete(effect.task);
      return { ...world, starts };
    }
    case "run":
      check(world.open.size === 1, "a task runs without a producer");
      check(!world.unsealed.has(effect.task), "a task runs with work of another life");
      return world;
    case "suspend":
      check(!world.unsealed.has(effect.task) && !world.onWire.has(effect.task), "work is kept that is void");
      return world;
    case "resume":
      check(world.open.has(effect.epoch), "what took effect is asked before the producer is open");
      return { ...world, resuming: effect.tasks };
    case "seal": {
      check(world.onWire.size === 0, "two commits are on the wire");
      const touched = [...world.unsealed];
      check(
        touched.every((task) => effect.tasks.includes(task)),
        "a seal leaves out a task that has sent something",
      );
      return { ...world, unsealed: new Set(), onWire: new Set(touched) };
    }
    case "close":
      check(
        !world.unsealed.has(effect.task) && !world.onWire.has(effect.task),
        "a task is closed whose work is neither durable nor void",
      );
      return world;
    case "reply": {
      const about = world.waiting.get(effect.token);
      check(about !== undefined, "an answer is given twice, or to nobody");
      check(
        (about ?? []).every((task) => !world.unsealed.has(task) && !world.onWire.has(task)),
        "a revocation is answered before its work is durable or void",
      );
      const waiting = new Map(world.waiting);
      waiting.delete(effect.token);
      return { ...world, waiting };
    }
    case "leave":
      check(world.state.tasks.size === 0, "a member leaves with tasks");
      return world;
    case "end":
    default:
      check(world.open.size === 0, "the end leaves a producer open");
      return { ...world, ended: world.ended + 1 };
  }
};

const asking = (world: World, about: readonly string[]): World => ({
  ...world,
  tokens: world.tokens + 1,
  waiting: new Map([...world.waiting, [world.tokens + 1, about]]),
});

/** What can happen next. A member asks one thing of the group's at a time, as membership does. */
const actions = (world: World): readonly Action[] => {
  const { state } = world;
  const found: Action[] = [];
  const can = (name: string, run: Action["run"]): void => void found.push({ name, run });
  const event = (name: string, what: Timeless<MemberEvent>): void => can(name, (w) => happen(w, what));
  const asked = world.waiting.size > 0;
  const owned = [...state.tasks].filter(([, { phase }]) => phase !== "draining").map(([task]) => task);

  if (!asked && !state.joining) can("joining", (w) => ask(w, [], (token) => ({ type: "joining", token })));
  if (!asked) {
    if (state.joining) {
      event("joined", { type: "joined" });
      for (const task of tasks)
        if (!owned.includes(task)) event(`assigned ${task}`, { type: "assigned", tasks: [task] });
      for (const task of owned)
        can(`revoked ${task}`, (w) => ask(w, [task], (token) => ({ type: "revoked", tasks: [task], token })));
    }
    if (owned.length === 2)
      can("revoked both", (w) => ask(w, owned, (token) => ({ type: "revoked", tasks: owned, token })));
  }
  event("lost", { type: "lost" });
  event("giveUp", { type: "giveUp" });
  if (state.producer.phase === "opening") {
    event("opened", { type: "opened", epoch: state.epoch });
    can("notOpened", (w) => happen({ ...w, open: new Set() }, { type: "notOpened", epoch: state.epoch }));
    event("opened late", { type: "opened", epoch: state.epoch - 1 });
  }
  for (const [task, life] of world.starts) {
    event(`started ${task}`, { type: "started", task, life });
    event(`notStarted ${task}`, { type: "notStarted", task, life });
    event(`started ${task} of another life`, { type: "started", task, life: life - 1 });
  }
  if (world.resuming.length > 0) {
    const { resuming } = world;
    can("resumed", (w) =>
      happen({ ...w, resuming: [] }, { type: "resumed", epoch: state.epoch, tasks: resuming, anew: [] }),
    );
    can("resumed anew", (w) =>
      happen({ ...w, resuming: [] }, { type: "resumed", epoch: state.epoch, tasks: [], anew: resuming }),
    );
    event("resumed of another epoch", { type: "resumed", epoch: state.epoch - 1, tasks: resuming, anew: [] });
  }
  if (state.commit.phase === "idle") event("due", { type: "due" });
  if (state.commit.phase === "settling") event("settled", { type: "settled", commit: state.commit.id });
  if (state.commit.phase === "wire") {
    const { id } = state.commit;
    can("durable", (w) => happen({ ...w, onWire: new Set() }, { type: "durable", commit: id }));
    event("durable of another commit", { type: "durable", commit: id - 1 });
  }
  if (state.epoch > 0) {
    event("void", { type: "void", epoch: state.epoch });
    event("void of another epoch", { type: "void", epoch: state.epoch - 1 });
  }
  const next = nextDeadline(state);
  if (Number.isFinite(next)) can("overdue", (w) => happen(w, { type: "overdue" }, next));
  if (world.stops === 0)
    can("stop", (w) => ask({ ...w, stops: 1 }, [], (token) => ({ type: "stop", token, by: 60 })));
  if (mayProcess(state))
    for (const [task, { phase }] of state.tasks)
      if (phase === "running" && !world.unsealed.has(task))
        can(`${task} works`, (w) => ({ ...w, unsealed: new Set([...w.unsealed, task]) }));
  return found;
};

const ask = (
  world: World,
  about: readonly string[],
  event: (token: number) => Timeless<MemberEvent>,
): World => {
  const waiting = asking(world, about);
  return happen(waiting, event(waiting.tokens));
};

/** The same for worlds that go on alike: numbers that only count up are taken relative to each other. */
const identity = ({ state, ...world }: World): string => {
  const { commit, producer, retryAt } = state;
  const due = [
    ...state.debts.map(({ by }) => by),
    ...(commit.phase === "idle" ? [] : [commit.by]),
    ...(producer.phase === "opening" ? [producer.by] : []),
    ...(retryAt === undefined ? [] : [retryAt]),
  ];
  const order = [...new Set(due)].toSorted((a, b) => a - b);
  return JSON.stringify([
    state.life,
    state.member,
    state.joining,
    state.producer.phase,
    state.commit.phase,
    state.commit.phase === "settling" && state.commit.settled,
    state.commit.phase === "wire" && state.commit.closing,
    [...state.tasks].map(([task, { phase }]) => `${task} ${phase}`).toSorted(),
    state.debts.map((debt) => [debt.to, debt.to === "revoked" && debt.tasks]),
    due.map((by) => order.indexOf(by)),
    retryAt === undefined,
    [...world.unsealed].toSorted(),
    [...world.onWire].toSorted(),
    [...world.waiting.values()],
    world.open.size,
    [...world.starts].map(([task, life]) => `${task} ${life === state.tasks.get(task)?.life}`).toSorted(),
    world.resuming,
    world.stops,
    world.ended,
  ]);
};

const start: World = {
  state: initialState,
  unsealed: new Set(),
  onWire: new Set(),
  waiting: new Map(),
  open: new Set(),
  starts: new Map(),
  resuming: [],
  tokens: 0,
  stops: 0,
  ended: 0,
};

interface Seen {
  readonly world: World;
  readonly path: readonly string[];
}

/** All states within `depth` events, each once; there are only so many. Throws with the events that lead to a broken rule. */
const explore = (depth: number): ReadonlyMap<string, Seen> => {
  const seen = new Map<string, Seen>([[identity(start), { world: start, path: [] }]]);
  let frontier = [...seen.values()];
  for (let level = 0; level < depth && frontier.length > 0; level++) {
    const next: Seen[] = [];
    for (const { world, path } of frontier)
      for (const { name, run } of actions(world)) {
        const steps = [...path, name];
        let reached: World;
        try {
          reached = run(world);
        } catch (error) {
          throw new Error(`after ${steps.join(", ")}: ${String(error)}`, { cause: error });
        }
        const id = identity(reached);
        if (seen.has(id)) continue;
        const found = { world: reached, path: steps };
        seen.set(id, found);
        next.push(found);
      }
    frontier = next;
  }
  return seen;
};

test("every invariant holds in every interleaving of two tasks' events", () => {
  const seen = explore(Number.POSITIVE_INFINITY);
  console.log(`${seen.size} states of a member seen`);
  expect(seen.size).toBeGreaterThan(2_000);
});

test("from every state a stop comes to its end, though nothing that is awaited ever comes", () => {
  for (const { world, path } of explore(9).values()) {
    let stopping =
      world.stops === 0
        ? ask({ ...world, stops: 1 }, [], (token) => ({ type: "stop", token, by: 60 }))
        : world;
    for (let round = 0; round < 20 && stopping.state.life !== "stopped"; round++)
      stopping = happen(stopping, { type: "overdue" }, nextDeadline(stopping.state));
    expect([path, stopping.state.life, stopping.ended, stopping.waiting.size]).toEqual([
      path,
      "stopped",
      1,
      0,
    ]);
  }
});
