import type { AnyBulkWriteOperation } from "mongodb";
import { bulk, isUpsert } from "./bulk.ts";
import type { Effect, Outcome } from "./effect.ts";
import type { EffectTarget } from "./effect-target.ts";
import type { Patience } from "./patience.ts";
import { processedEvents, insertMark } from "./processed-events.ts";

/** How far an effect has come. */
interface Progress {
  readonly effect: Effect;
  older: boolean;
  failure: { readonly reason: unknown } | undefined;
}

/** The writes of one effect to one collection that are still to be done, in order. */
interface Lane {
  readonly progress: Progress;
  readonly operations: AnyBulkWriteOperation[];
  /** The first of them has met a duplicate key once. */
  contested: boolean;
}

/**
 * Applies effects of different keys without a transaction. The writes of all come first, then the marks: a crash in
 * between repeats writes, which their guards make harmless, and never leaves a mark without its writes.
 */
export const writeGuarded = async (
  target: EffectTarget,
  effects: readonly Effect[],
  patience: Patience,
): Promise<readonly PromiseSettledResult<Outcome>[]> => {
  const all = effects.map((effect): Progress => ({ effect, older: false, failure: undefined }));
  await Promise.all(
    [...lanesByCollection(all)].map(([collection, lanes]) => writeLanes(target, collection, lanes, patience)),
  );
  await writeMarks(target, all, patience);
  return all.map(({ older, failure }) =>
    failure === undefined
      ? { status: "fulfilled", value: older ? "older" : "applied" }
      : { status: "rejected", reason: failure.reason },
  );
};

const lanesByCollection = (all: readonly Progress[]): ReadonlyMap<string, readonly Lane[]> => {
  const collections = new Map<string, Map<Progress, Lane>>();
  for (const progress of all)
    for (const { collection, operation } of progress.effect.writes) {
      const lanes = collections.get(collection) ?? new Map<Progress, Lane>();
      collections.set(collection, lanes);
      const lane = lanes.get(progress);
      if (lane === undefined) lanes.set(progress, { progress, operations: [operation], contested: false });
      else lane.operations.push(operation);
    }
  return new Map([...collections].map(([collection, lanes]) => [collection, [...lanes.values()]]));
};

/** Round by round the next write of each effect. */
const writeLanes = async (
  target: EffectTarget,
  collection: string,
  lanes: readonly Lane[],
  patience: Patience,
): Promise<void> => {
  const unfinished = (lane: Lane): boolean =>
    lane.operations.length > 0 && lane.progress.failure === undefined;
  for (let round = lanes; round.length > 0; round = round.filter(unfinished)) {
    const operations = round.flatMap((lane) => lane.operations.slice(0, 1));
    const results = await patience.persist(() => bulk(target, collection, operations));
    for (const [index, result] of results.entries()) {
      const lane = round[index];
      const operation = operations[index];
      if (lane === undefined || operation === undefined) continue;
      if (result.status === "failed" || (result.status === "duplicate" && !isUpsert(operation)))
        lane.progress.failure = { reason: result.error };
      else if (result.status === "duplicate" && !lane.contested)
        // Two that insert the same document at once: the loser may well be the newer. Its guard decides now.
        lane.contested = true;
      else {
        if (result.status === "duplicate") lane.progress.older = true;
        lane.contested = false;
        lane.operations.shift();
      }
    }
  }
};

const writeMarks = async (
  target: EffectTarget,
  all: readonly Progress[],
  patience: Patience,
): Promise<void> => {
  const marked = all.filter(({ effect, failure }) => effect.mark && failure === undefined);
  if (marked.length === 0) return;
  const now = new Date();
  const marks = marked.map(({ effect }) => insertMark(effect.position, now));
  const results = await patience.persist(() => bulk(target, processedEvents, marks));
  for (const [index, result] of results.entries()) {
    const progress = marked[index];
    // A duplicate was marked by somebody else a moment ago: marked is marked.
    if (result.status === "failed" && progress !== undefined) progress.failure = { reason: result.error };
  }
};
