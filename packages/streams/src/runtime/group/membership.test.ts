import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../clock.ts";
import {
  simulatedCluster,
  type SimulatedCluster,
} from "../../testing/simulated-cluster/simulated-cluster.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { LogLevel } from "../../log.ts";
import type { AssignmentPolicy } from "./assignment-policy.ts";
import type { HeldState } from "./local-tasks.ts";
import { GroupMember } from "./membership.ts";
import type { MembershipListener } from "./membership-listener.ts";
import type { RunnableSubTopology } from "./runnable.ts";
import { ScriptedCoordinator } from "../../../test/scripted-coordinator.ts";

const sessionTimeoutMs = 10_000;
const heartbeatIntervalMs = 1_000;
const rebalanceTimeoutMs = 20_000;
const probingRebalanceIntervalMs = 600_000;
const policy: AssignmentPolicy = {
  standbyReplicas: 1,
  acceptableRecoveryLag: 100,
  maxWarmupReplicas: 2,
  rackAwareAssignmentTags: [],
};

/** A sub-topology at its place in one process's topology. */
const subTopology = (
  id: number,
  name: string,
  tasks = 4,
  stores: readonly string[] = [],
): RunnableSubTopology => ({
  id,
  identity: `${name}|${stores.join()}`,
  sources: [{ topic: name, partitions: tasks }],
  stores,
  restores: stores.length > 0,
  tasks,
});

interface MemberOptions {
  readonly runnable?: readonly RunnableSubTopology[];
  readonly instanceId?: string;
  readonly endpoint?: string;
}

/** A member, and what it was told. */
class Bench {
  readonly coordinator: ScriptedCoordinator;
  readonly member: GroupMember;
  readonly tasks = new Set<string>();
  readonly logs: { readonly level: LogLevel; readonly message: string }[] = [];
  readonly ended: Promise<unknown>;
  runnable: readonly RunnableSubTopology[];
  standbys: readonly string[] = [];
  /** What it has of the states of tasks. */
  states = new Map<string, HeldState>();
  lost = 0;
  /** What a revocation waits for. */
  giveUp: () => Promise<void> = () => Promise.resolve();

  constructor(
    cluster: SimulatedCluster,
    clock: Clock,
    { runnable, instanceId, endpoint }: MemberOptions = {},
  ) {
    this.runnable = runnable ?? [subTopology(0, "a")];
    this.coordinator = new ScriptedCoordinator(cluster.transport().groupCoordinator("app"), clock);
    const listener: MembershipListener = {
      beforeJoin: () => Promise.resolve(),
      placed: (standbys) => void (this.standbys = standbys),
      assigned: (tasks) => {
        for (const task of tasks) {
          if (this.tasks.has(task)) throw new Error(`${task} was assigned twice`);
          this.tasks.add(task);
        }
      },
      revoked: async (tasks) => {
        await this.giveUp();
        for (const task of tasks) this.tasks.delete(task);
      },
      lost: () => {
        this.lost++;
        this.tasks.clear();
        return Promise.resolve();
      },
      stopped: () => undefined,
      changed: () => undefined,
    };
    this.member = new GroupMember(
      {
        groupId: "app",
        coordinator: this.coordinator,
        instanceId,
        sessionTimeoutMs,
        heartbeatIntervalMs,
        rebalanceTimeoutMs,
        clock,
        log: (level, message) => this.logs.push({ level, message }),
        runnable: () => this.runnable,
        states: () => Promise.resolve(this.states),
        policy,
        probingRebalanceIntervalMs,
        endpoint,
        tags: {},
      },
      listener,
    );
    this.ended = this.member.run().then(
      () => "left",
      (error: unknown) => error,
    );
  }

  /** Identities and partitions of its tasks. */
  get runs(): readonly string[] {
    return [...this.tasks]
      .map((task) => {
        const [id, partition] = task.split("_").map(Number);
        const { identity } = this.runnable.find((one) => one.id === id) ?? { identity: "unknown" };
        return `${identity}-${partition}`;
      })
      .toSorted();
  }

  warnings(): readonly string[] {
    return this.logs.filter(({ level }) => level === "warn").map(({ message }) => message);
  }
}

let clock: VirtualClock;
let cluster: SimulatedCluster;
let benches: Bench[];

const join = async (options?: MemberOptions): Promise<Bench> => {
  const bench = new Bench(cluster, clock, options);
  benches.push(bench);
  await clock.runFor(3_000);
  return bench;
};

beforeEach(() => {
  clock = new VirtualClock();
  cluster = simulatedCluster({ clock });
  benches = [];
});

afterEach(async () => {
  const left = Promise.all(benches.map(({ member }) => member.leave()));
  await clock.runFor(5_000);
  await left;
  cluster.close();
});

const all = ["0_0", "0_1", "0_2", "0_3"];

test("members share the tasks, and take over from one that leaves", async () => {
  const first = await join();
  expect([...first.tasks]).toEqual(all);
  const second = await join();
  expect([...first.tasks, ...second.tasks].toSorted()).toEqual(all);
  expect(second.tasks.size).toBe(2);
  await Promise.all([first.member.leave(), clock.runFor(3_000)]);
  expect([...second.tasks].toSorted()).toEqual(all);
  expect(await first.ended).toBe("left");
});

describe("a task whose state takes long to read", () => {
  const stateful = [subTopology(0, "a", 2, ["s"])];
  const both = ["0_0", "0_1"];
  const large = (lag: number): Map<string, HeldState> =>
    new Map(both.map((task) => [task, { lag, whole: 100_000 }]));

  test("moves when the leader has asked again, to a member whose standby has caught up", async () => {
    const first = await join({ runnable: stateful });
    expect([...first.tasks]).toEqual(both);
    first.states = large(0);
    const second = await join({ runnable: stateful });
    expect([...first.tasks]).toEqual(both);
    expect(second.standbys.length, "standbys, and what warms up").toBe(2);
    expect(first.standbys).toEqual([]);
    second.states = large(5);
    const joins = first.coordinator.count("join", 0);
    await clock.runFor(probingRebalanceIntervalMs - 10_000);
    expect(first.coordinator.count("join", 0), "not before the time").toBe(joins);
    await clock.runFor(20_000);
    expect([...first.tasks, ...second.tasks].toSorted()).toEqual(both);
    expect(second.tasks.size).toBe(1);
    expect(first.standbys).toEqual([...second.tasks]);
    const settled = first.coordinator.count("join", 0);
    await clock.runFor(2 * probingRebalanceIntervalMs);
    expect(first.coordinator.count("join", 0), "nothing is left to ask for").toBe(settled);
  });

  test("is asked for, too, by the next life of a leader with an instance id", async () => {
    const first = await join({ runnable: stateful, instanceId: "a" });
    first.states = large(0);
    const second = await join({ runnable: stateful, instanceId: "b" });
    second.states = large(5);
    await Promise.all([first.member.leave(), clock.runFor(500)]);
    const next = await join({ runnable: stateful, instanceId: "a" });
    expect([...next.tasks]).toEqual(both);
    next.states = large(0);
    await clock.runFor(probingRebalanceIntervalMs + 10_000);
    expect([second.tasks.size, next.tasks.size]).toEqual([1, 1]);
  });
});

const hostsOf = ({ member }: Bench): readonly string[] =>
  member.hosts
    .flatMap(({ endpoint, tasks }) =>
      tasks.flatMap(({ partitions }) => partitions.map((partition) => `${partition} at ${endpoint}`)),
    )
    .toSorted();

describe("where stores can be asked", () => {
  test("is told to all members, also to one that can't be asked itself", async () => {
    const first = await join({ endpoint: "one:80" });
    const second = await join({ endpoint: "two:80" });
    const mute = await join();
    for (const bench of [first, second, mute]) {
      expect(hostsOf(bench).filter((host) => host.endsWith("one:80"))).toHaveLength(first.tasks.size);
      expect(hostsOf(bench).filter((host) => host.endsWith("two:80"))).toHaveLength(second.tasks.size);
    }
  });

  test("changes for all when a static member is back elsewhere", async () => {
    const first = await join({ endpoint: "one:80", instanceId: "a" });
    const second = await join({ endpoint: "two:80", instanceId: "b" });
    await Promise.all([second.member.leave(), clock.runFor(500)]);
    const next = await join({ endpoint: "elsewhere:80", instanceId: "b" });
    for (const bench of [first, next])
      expect(hostsOf(bench).filter((host) => host.endsWith(" elsewhere:80"))).toHaveLength(next.tasks.size);
    expect(next.tasks.size).toBe(2);
  });
});

describe("while the coordinator does not answer", () => {
  for (const fate of ["fail", "swallow"] as const)
    test(`keeps id, generation and tasks (${fate})`, async () => {
      const { coordinator, member, tasks, ...bench } = await join();
      const before = member.current();
      const calls = coordinator.calls.length;
      coordinator.fate = () => fate;
      await clock.runFor(sessionTimeoutMs - 3_000);
      coordinator.fate = () => "pass";
      await clock.runFor(5_000);
      expect(member.current()).toEqual(before);
      expect([...tasks]).toEqual(all);
      expect(coordinator.count("join", calls)).toBe(0);
      expect(bench.lost).toBe(0);
    });

  test("drops the tasks when the session must have ended, says which, and tries its id first", async () => {
    const bench = await join();
    const { memberId } = bench.member.current();
    const calls = bench.coordinator.calls.length;
    bench.coordinator.fate = () => "fail";
    await clock.runFor(sessionTimeoutMs + 2 * heartbeatIntervalMs);
    expect(bench.lost).toBe(1);
    expect(bench.member.isMember).toBe(false);
    expect(() => bench.member.current()).toThrow(expect.objectContaining({ rank: "void" }));
    expect(bench.warnings().filter((line) => line.includes("0_0, 0_1, 0_2, 0_3"))).toHaveLength(1);
    bench.coordinator.fate = () => "pass";
    await clock.runFor(5_000);
    const joins = bench.coordinator.calls.slice(calls).filter(({ call }) => call === "join");
    expect(joins[0]?.memberId).toBe(memberId);
    expect(joins.at(-1)?.memberId).toBe("");
    expect([...bench.tasks]).toEqual(all);
  });

  test("says so once, and when it answers again", async () => {
    const bench = await join();
    bench.coordinator.fate = () => "fail";
    await clock.runFor(6_000);
    expect(bench.warnings()).toHaveLength(1);
    bench.coordinator.fate = () => "pass";
    await clock.runFor(3_000);
    expect(bench.logs.at(-1)?.message).toContain("answers again");
  });
});

test("one hung heartbeat does not cost the session", async () => {
  const bench = await join();
  let hung = false;
  bench.coordinator.fate = (call) => {
    if (call !== "heartbeat" || hung) return "pass";
    hung = true;
    return "swallow";
  };
  await clock.runFor(2 * sessionTimeoutMs);
  expect(bench.lost).toBe(0);
  expect([...bench.tasks]).toEqual(all);
  // The group has seen the others.
  await clock.run(bench.coordinator.heartbeat(bench.member.current(), { timeoutMs: 1_000 }));
});

test("heartbeats go on while a join waits, and tell of one that was lost", async () => {
  const bench = await join();
  bench.coordinator.fate = (call) => (call === "join" ? "swallow" : "pass");
  bench.member.rejoin();
  await clock.runFor(1_500);
  expect(bench.member.joining).toBe(true);
  const calls = bench.coordinator.calls.length;
  bench.coordinator.fate = () => "pass";
  await clock.runFor(4 * heartbeatIntervalMs);
  expect(bench.coordinator.count("join", calls)).toBe(1);
  expect(bench.member.joining).toBe(false);
  expect(bench.lost).toBe(0);
  expect([...bench.tasks]).toEqual(all);
});

test("heartbeats do not wait for tasks that are being given up", async () => {
  const first = await join();
  const done = Promise.withResolvers<void>();
  first.giveUp = () => done.promise;
  const second = new Bench(cluster, clock);
  benches.push(second);
  await clock.runFor(rebalanceTimeoutMs - 2_000);
  expect(first.lost).toBe(0);
  expect(second.tasks.size).toBe(0);
  done.resolve();
  await clock.runFor(5_000);
  expect([...first.tasks, ...second.tasks].toSorted()).toEqual(all);
  expect(second.tasks.size).toBe(2);
});

test("drops tasks that are not given up in time, so that others go on", async () => {
  const first = await join();
  first.giveUp = () => new Promise(() => undefined);
  const second = await join();
  await clock.runFor(rebalanceTimeoutMs + sessionTimeoutMs);
  expect(first.lost).toBe(1);
  expect(first.warnings().some((line) => line.includes("given up"))).toBe(true);
  expect([...second.tasks].toSorted()).toEqual(all);
  first.giveUp = () => Promise.resolve();
  await clock.runFor(rebalanceTimeoutMs);
  expect([...first.tasks, ...second.tasks].toSorted()).toEqual(all);
  expect(first.tasks.size).toBe(2);
});

test.for(["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION"])(
  "%s loses the tasks, with a warning that names them, and joins again",
  async (name) => {
    const bench = await join();
    const { memberId } = bench.member.current();
    let refuse = true;
    bench.coordinator.fate = (call) => {
      if (call !== "heartbeat" || !refuse) return "pass";
      refuse = false;
      return new TransportError(name, name, "void");
    };
    await clock.runFor(3_000);
    expect(bench.lost).toBe(1);
    expect(bench.warnings().at(-1)).toContain("tasks 0_0, 0_1, 0_2, 0_3");
    const again = bench.coordinator.calls.filter(({ call }) => call === "join").at(-1);
    expect(again?.memberId).toBe(name === "UNKNOWN_MEMBER_ID" ? "" : memberId);
    await clock.runFor(sessionTimeoutMs + 3_000);
    expect([...bench.tasks]).toEqual(all);
  },
);

test("a static member drops its tasks when a generation has gone by that it does not know", async () => {
  const first = await join({ instanceId: "one" });
  let isLost = false;
  first.coordinator.fate = (call) => {
    if (call !== "join" || isLost) return "pass";
    isLost = true;
    // Makes another generation before the next try.
    clock.setTimeout(() => benches.push(new Bench(cluster, clock)), 5);
    return "loseAnswer";
  };
  await join();
  await clock.runFor(sessionTimeoutMs + 3_000);
  expect(first.lost).toBe(1);
  expect(first.warnings().some((line) => line.includes("has gone by without this member"))).toBe(true);
  expect(benches.flatMap(({ tasks }) => [...tasks]).toSorted()).toEqual(all);
});

test("a second process with its instance id ends it, with what to do", async () => {
  const first = await join({ instanceId: "one" });
  const second = await join({ instanceId: "one" });
  expect(await first.ended).toMatchObject({ code: "FENCED_INSTANCE_ID" });
  expect([...second.tasks]).toEqual(all);
});

describe("leaving", () => {
  test("ends a first join that waits for others, and takes back the id that it was given", async () => {
    const first = await join();
    first.giveUp = () => new Promise(() => undefined);
    first.coordinator.fate = (call) => (call === "join" ? "swallow" : "pass");
    const second = new Bench(cluster, clock);
    benches.push(second);
    await clock.runFor(500);
    expect(second.member.joining).toBe(true);
    expect(second.member.isMember).toBe(false);
    await Promise.all([second.member.leave(), clock.runFor(100)]);
    expect(await second.ended).toBe("left");
    expect(second.coordinator.count("leave")).toBe(1);
  });

  test("takes no longer than it is given, whatever the coordinator does", async () => {
    const bench = await join();
    bench.coordinator.fate = () => "swallow";
    const before = clock.monotonic();
    await Promise.all([
      bench.member
        .leave({ timeoutMs: 500 })
        .then(() => expect(Math.round(clock.monotonic() - before)).toBe(500)),
      clock.runFor(510),
    ]);
    expect(await bench.ended).toBe("left");
  });

  test("is told of a static member only when it is for good", async () => {
    const brief = await join({ instanceId: "brief" });
    await Promise.all([brief.member.leave(), clock.runFor(100)]);
    expect(brief.coordinator.count("leave")).toBe(0);
    const gone = await join({ instanceId: "gone" });
    await Promise.all([gone.member.leave({ forGood: true }), clock.runFor(100)]);
    expect(gone.coordinator.count("leave")).toBe(1);
  });
});

test("steps back, so that others go on, and joins again when it is told", async () => {
  const first = await join();
  const second = await join();
  const done = Promise.withResolvers<void>();
  first.tasks.clear();
  first.member.stepBack(done.promise);
  await clock.runFor(5_000);
  expect([...second.tasks].toSorted()).toEqual(all);
  expect(first.member.isMember).toBe(false);
  done.resolve();
  await clock.runFor(5_000);
  expect([...first.tasks, ...second.tasks].toSorted()).toEqual(all);
  expect(first.tasks.size).toBe(2);
});

/** A member that speaks another protocol; answers what makes it leave. */
const stranger = async (): Promise<() => Promise<void>> => {
  const coordinator = cluster.transport().groupCoordinator("app");
  const joined = coordinator.join({
    memberId: "",
    groupInstanceId: null,
    sessionTimeoutMs: 300_000,
    rebalanceTimeoutMs,
    protocols: [{ name: "stream", metadata: Buffer.alloc(0) }],
  });
  await clock.runFor(100);
  const { memberId, generationId } = await joined;
  const membership = { groupId: "app", memberId, generationId, groupInstanceId: null };
  const synced = coordinator.sync(membership, []);
  await clock.runFor(100);
  await synced;
  return async () => {
    await Promise.all([coordinator.leave(membership), clock.runFor(100)]);
  };
};

describe("another kind of consumer in the group", () => {
  test("is waited for as long as its session may last, which one line says", async () => {
    const leave = await stranger();
    const bench = await join();
    await clock.runFor(40_000);
    expect(bench.warnings()).toHaveLength(1);
    expect(bench.warnings()[0]).toContain("up to 50 s");
    await leave();
    await clock.runFor(3_000);
    expect([...bench.tasks]).toEqual(all);
  });

  test("that stays ends the member, with what to do", async () => {
    const leave = await stranger();
    const bench = await join();
    await clock.runFor(50_000);
    expect(await bench.ended).toMatchObject({
      code: "INCONSISTENT_GROUP_PROTOCOL",
      message: expect.stringContaining("choose another application id"),
    });
    await leave();
  });
});

const identities = (benched: readonly Bench[]): readonly string[] =>
  benched.flatMap(({ runs }) => runs).toSorted();
const named = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [0, 1, 2].map((partition) => `${name}-${partition}`)).toSorted();

describe("a rolling upgrade", () => {
  const a = subTopology(0, "a", 3);

  test("that puts a stream before another: each runs what it can, and nobody dies", async () => {
    const old = await join({ runnable: [a] });
    const renumbered = [subTopology(0, "z", 3), subTopology(1, "a", 3)];
    const fresh = await join({ runnable: renumbered });
    await clock.runFor(3_000);
    expect(identities([old, fresh])).toEqual(named("a|", "z|"));
    expect(old.runs.every((task) => task.startsWith("a|"))).toBe(true);
    await Promise.all([old.member.leave(), clock.runFor(5_000)]);
    const newest = await join({ runnable: renumbered });
    await clock.runFor(3_000);
    expect(identities([fresh, newest])).toEqual(named("a|", "z|"));
    expect([fresh, newest].map(({ tasks }) => tasks.size)).toEqual([3, 3]);
  });

  test("that takes a stream away: it runs as long as somebody has it", async () => {
    const old = await join({ runnable: [a, subTopology(1, "gone", 3)] });
    const fresh = await join({ runnable: [a] });
    await clock.runFor(3_000);
    expect(identities([old, fresh])).toEqual(named("a|", "gone|"));
    await Promise.all([old.member.leave(), clock.runFor(5_000)]);
    expect(identities([fresh])).toEqual(named("a|"));
  });

  test("that cuts the same input otherwise: one cut runs at a time, and the leader says which does not", async () => {
    const wide = subTopology(0, "a", 3, ["s"]);
    const old = [await join({ runnable: [a] }), await join({ runnable: [a] })];
    const fresh = [await join({ runnable: [wide] })];
    await clock.runFor(3_000);
    expect(identities([...old, ...fresh])).toEqual(named("a|"));
    const told = [...old, ...fresh].flatMap(({ logs }) => logs.map(({ message }) => message));
    expect(told.some((line) => line.includes('keeps "s"'))).toBe(true);
    expect([...old, ...fresh].flatMap(({ member }) => member.idle)).toMatchObject([
      { identity: "a|s", insteadOf: ["a|"] },
    ]);
    await Promise.all([old[0]?.member.leave(), clock.runFor(2_000)]);
    fresh.push(await join({ runnable: [wide] }));
    await clock.runFor(5_000);
    expect(identities([...old.slice(1), ...fresh])).toEqual(named("a|s"));
  });

  test("a member whose subscription nobody understands gets nothing, and harms nobody", async () => {
    const bench = await join();
    const coordinator = cluster.transport().groupCoordinator("app");
    const joined = coordinator.join({
      memberId: "",
      groupInstanceId: null,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      protocols: [{ name: "millrace", metadata: Buffer.from("000000000000000000027b7d", "hex") }],
    });
    await clock.runFor(2_000);
    const { memberId, generationId } = await joined;
    const synced = coordinator.sync({ groupId: "app", memberId, generationId, groupInstanceId: null }, []);
    await clock.runFor(2_000);
    expect((await synced).length).toBeGreaterThan(0);
    expect([...bench.tasks]).toEqual(all);
    expect(bench.warnings().some((line) => line.includes("another language"))).toBe(true);
  });
});

test("whatever is lost on the way, in the end each task runs once", { timeout: 60_000 }, async () => {
  const fate = fc.constantFrom("pass", "pass", "fail", "loseAnswer", "swallow");
  const step = fc.record({
    who: fc.nat({ max: 2 }),
    what: fc.constantFrom("fates", "rejoin", "leave", "join"),
    fates: fc.array(fate, { minLength: 1, maxLength: 5 }),
    ms: fc.integer({ min: 1, max: 15_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      clock = new VirtualClock();
      cluster = simulatedCluster({ clock });
      const members = [new Bench(cluster, clock), new Bench(cluster, clock), new Bench(cluster, clock)];
      const left = new Set<Bench>();
      for (const { who, what, fates, ms } of steps) {
        const bench = members[who] as Bench;
        let call = 0;
        if (what === "fates") bench.coordinator.fate = () => fates[call++ % fates.length] ?? "pass";
        else if (what === "rejoin") bench.member.rejoin();
        else if (what === "leave" && members.length - left.size > 1) {
          left.add(bench);
          void bench.member.leave();
        } else if (what === "join") members.push(new Bench(cluster, clock));
        await clock.runFor(ms);
      }
      for (const { coordinator } of members) coordinator.fate = () => "pass";
      // A member that is gone without a word, a join that is lost, a rebalance that waits for both.
      await clock.runFor(3 * (sessionTimeoutMs + rebalanceTimeoutMs));
      const running = members.filter((bench) => !left.has(bench));
      expect(running.flatMap(({ tasks }) => [...tasks]).toSorted()).toEqual(all);
      for (const { member } of running) expect(member.isMember).toBe(true);
      const leaving = Promise.all(running.map(({ member }) => member.leave()));
      await clock.runFor(5_000);
      await leaving;
      cluster.close();
    }),
    { numRuns: 150 },
  );
});
