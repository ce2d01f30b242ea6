import { type AnyBulkWriteOperation, MongoBulkWriteError } from "mongodb";
import { bulk, isUpsert } from "./bulk.ts";
import type { Effect, EffectWrite, Outcome } from "./effect.ts";
import type { EffectTarget, Writable } from "./effect-target.ts";
import { MongoError } from "./mongo-error.ts";
import type { Patience } from "./patience.ts";
import { markId, markOf, marksOf, processedEvents } from "./processed-events.ts";
import { unproven } from "./unproven.ts";

/**
 * Applies effects of different keys, each with its mark, in one transaction. Those that turn out to be stale or marked
 * already are left out of the next try; where MongoDB refuses one, the batch is halved until that one is alone. So an
 * effect and its mark are always in one transaction, whichever it is.
 */
export const writeInTransactions = async (
  target: EffectTarget,
  effects: readonly Effect[],
  patience: Patience,
): Promise<readonly PromiseSettledResult<Outcome>[]> => {
  const known = new Map<Effect, Outcome>();
  for (;;) {
    const rest = effects.filter((effect) => !known.has(effect));
    const answer = (others: readonly PromiseSettledResult<Outcome>[]): typeof others =>
      effects.map((effect) => {
        const value = known.get(effect);
        return value === undefined
          ? (others[rest.indexOf(effect)] ?? { status: "rejected", reason: new Error("it got no answer") })
          : { status: "fulfilled", value };
      });
    const [only, another] = rest;
    if (only === undefined) return answer([]);
    if (another === undefined) return answer(await Promise.allSettled([alone(target, only, patience)]));
    try {
      await patience.persist(() => target.transaction((inside) => together(inside, rest)));
      return answer(rest.map(() => ({ status: "fulfilled", value: "applied" })));
    } catch (error) {
      if (error instanceof MongoError) throw error;
      const found = error instanceof Stale ? error.effects : await repeated(target, rest, error, patience);
      for (const effect of found) known.set(effect, error instanceof Stale ? "stale" : "repeated");
      if (found.length > 0) continue;
      const middle = Math.ceil(rest.length / 2);
      const halves = [rest.slice(0, middle), rest.slice(middle)];
      return answer(
        (await Promise.all(halves.map((half) => writeInTransactions(target, half, patience)))).flat(),
      );
    }
  }
};

/** Thrown out of a transaction, so that nothing of it stays. */
class Stale extends Error {
  readonly effects: readonly Effect[];
  constructor(effects: readonly Effect[]) {
    super("what they were made from has changed");
    this.effects = effects;
  }
}

/** Those that are marked already, if it can have been this that a batch failed of. */
const repeated = async (
  target: EffectTarget,
  effects: readonly Effect[],
  error: unknown,
  patience: Patience,
): Promise<readonly Effect[]> => {
  if (!(error instanceof MongoBulkWriteError)) return [];
  const marked = effects.filter(({ mark }) => mark === true);
  const filter = marksOf(marked.map(({ position }) => position));
  const found = await patience.persist(() => target.find(processedEvents, filter));
  const ids = new Set(found.map(({ _id }) => String(_id)));
  return marked.filter(({ position }) => ids.has(markId(position)));
};

/** One command after the other: a session knows no other way. Marks first, they show repetitions soonest. */
const together = async (inside: Writable, effects: readonly Effect[]): Promise<void> => {
  const now = new Date();
  const marks = effects.flatMap((effect): readonly AnyBulkWriteOperation[] => {
    const mark = markOf(effect, now);
    return mark === undefined ? [] : [mark];
  });
  if (marks.length > 0) await inside.bulkWrite(processedEvents, marks);
  const byCollection = Map.groupBy(
    effects.flatMap(({ writes }) => writes),
    ({ collection }) => collection,
  );
  const stale = new Set<EffectWrite>();
  for (const [collection, writes] of byCollection) {
    const operations = writes.map(({ operation }) => operation);
    const { changed } = await inside.bulkWrite(collection, operations);
    for (const write of await unproven(inside, writes, changed)) stale.add(write);
  }
  if (stale.size > 0)
    throw new Stale(effects.filter(({ writes }) => writes.some((write) => stale.has(write))));
};

/** Thrown out of a transaction, as a duplicate key ends it. */
class Duplicate extends Error {
  readonly of: EffectWrite | "mark";
  constructor(of: EffectWrite | "mark", cause: unknown) {
    super("duplicate key", { cause });
    this.of = of;
  }
}

const alone = async (target: EffectTarget, effect: Effect, patience: Patience): Promise<Outcome> => {
  const contested = new Set<EffectWrite | "mark">();
  const older = new Set<EffectWrite>();
  for (;;)
    try {
      await patience.persist(() => target.transaction((inside) => oneByOne(inside, effect, older)));
      return older.size > 0 ? "older" : "applied";
    } catch (error) {
      if (error instanceof Stale) return "stale";
      if (!(error instanceof Duplicate)) throw error;
      if (error.of === "mark" && effect.mark === true) return "repeated";
      const operation = error.of === "mark" ? effect.mark : error.of.operation;
      if (typeof operation !== "object" || !isUpsert(operation)) throw error.cause;
      // The first time it may just have lost a race for inserting; from a new snapshot its guard decides.
      if (!contested.has(error.of)) contested.add(error.of);
      else if (error.of === "mark") throw error.cause;
      else older.add(error.of);
    }
};

const oneByOne = async (
  inside: Writable,
  effect: Effect,
  without: ReadonlySet<EffectWrite>,
): Promise<void> => {
  const write = async (
    of: EffectWrite | "mark",
    collection: string,
    operation: AnyBulkWriteOperation,
  ): Promise<number> => {
    const { results, changed } = await bulk(inside, collection, [operation]);
    const [result] = results;
    if (result?.status === "duplicate") throw new Duplicate(of, result.error);
    if (result?.status === "failed") throw result.error;
    return changed;
  };
  const mark = markOf(effect, new Date());
  if (mark !== undefined) await write("mark", processedEvents, mark);
  for (const one of effect.writes) {
    const changed = without.has(one) ? 0 : await write(one, one.collection, one.operation);
    if ((await unproven(inside, [one], changed)).length > 0) throw new Stale([effect]);
  }
};
