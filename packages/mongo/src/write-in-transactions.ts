import type { AnyBulkWriteOperation } from "mongodb";
import { bulk, isUpsert } from "./bulk.ts";
import type { Effect, EffectWrite, Outcome } from "./effect.ts";
import type { EffectTarget, Writable } from "./effect-target.ts";
import { MongoError } from "./mongo-error.ts";
import type { Patience } from "./patience.ts";
import { insertMark, processedEvents } from "./processed-events.ts";

/**
 * Applies effects of different keys, each with its mark, in one transaction. Where one of them can't be, the batch is
 * halved until that one is alone; so an effect and its mark are always in one transaction, whichever it is.
 */
export const writeInTransactions = async (
  target: EffectTarget,
  effects: readonly Effect[],
  patience: Patience,
): Promise<readonly PromiseSettledResult<Outcome>[]> => {
  if (effects.length === 1)
    return Promise.allSettled(effects.map((effect) => alone(target, effect, patience)));
  try {
    await patience.persist(() => target.transaction((inside) => together(inside, effects)));
    return effects.map(() => ({ status: "fulfilled", value: "applied" }));
  } catch (error) {
    if (error instanceof MongoError) throw error;
    const middle = Math.ceil(effects.length / 2);
    const halves = [effects.slice(0, middle), effects.slice(middle)];
    return (await Promise.all(halves.map((half) => writeInTransactions(target, half, patience)))).flat();
  }
};

/** One command after the other: a session knows no other way. Marks first, they show repetitions soonest. */
const together = async (inside: Writable, effects: readonly Effect[]): Promise<void> => {
  const now = new Date();
  const marks = effects.filter(({ mark }) => mark).map(({ position }) => insertMark(position, now));
  const collections = new Map<string, AnyBulkWriteOperation[]>(
    marks.length > 0 ? [[processedEvents, marks]] : [],
  );
  for (const { collection, operation } of effects.flatMap(({ writes }) => writes)) {
    const operations = collections.get(collection);
    if (operations === undefined) collections.set(collection, [operation]);
    else operations.push(operation);
  }
  for (const [collection, operations] of collections) await inside.bulkWrite(collection, operations);
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
  const contested = new Set<EffectWrite>();
  const older = new Set<EffectWrite>();
  for (;;)
    try {
      await patience.persist(() => target.transaction((inside) => oneByOne(inside, effect, older)));
      return older.size > 0 ? "older" : "applied";
    } catch (error) {
      if (!(error instanceof Duplicate)) throw error;
      if (error.of === "mark") return "repeated";
      if (!isUpsert(error.of.operation)) throw error.cause;
      // The first time it may just have lost a race for inserting; from a new snapshot its guard decides.
      (contested.has(error.of) ? older : contested).add(error.of);
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
  ): Promise<void> => {
    const [result] = await bulk(inside, collection, [operation]);
    if (result?.status === "duplicate") throw new Duplicate(of, result.error);
    if (result?.status === "failed") throw result.error;
  };
  if (effect.mark) await write("mark", processedEvents, insertMark(effect.position, new Date()));
  for (const one of effect.writes) if (!without.has(one)) await write(one, one.collection, one.operation);
};
