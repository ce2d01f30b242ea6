import { bulk, isUpsert } from "./bulk.ts";
import type { Effect, EffectWrite, Outcome } from "./effect.ts";
import type { EffectTarget } from "./effect-target.ts";
import type { Patience } from "./patience.ts";
import { markOf, processedEvents } from "./processed-events.ts";
import { unproven } from "./unproven.ts";

/** How far an effect has come. */
interface Progress {
  readonly effect: Effect;
  outcome: Outcome;
  failure: { readonly reason: unknown } | undefined;
}

/** The writes of one effect to one collection that are still to be done, in order. */
interface Lane {
  readonly progress: Progress;
  readonly writes: EffectWrite[];
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
  const all = effects.map((effect): Progress => ({ effect, outcome: "applied", failure: undefined }));
  await Promise.all(
    [...lanesByCollection(all)].map(([collection, lanes]) => writeLanes(target, collection, lanes, patience)),
  );
  await writeMarks(target, all, patience);
  return all.map(({ outcome, failure }) =>
    failure === undefined
      ? { status: "fulfilled", value: outcome }
      : { status: "rejected", reason: failure.reason },
  );
};

const lanesByCollection = (all: readonly Progress[]): ReadonlyMap<string, readonly Lane[]> => {
  const collections = new Map<string, Map<Progress, Lane>>();
  for (const progress of all)
    for (const write of progress.effect.writes) {
      const lanes = collections.get(write.collection) ?? new Map<Progress, Lane>();
      collections.set(write.collection, lanes);
      const lane = lanes.get(progress);
      if (lane === undefined) lanes.set(progress, { progress, writes: [write], contested: false });
      else lane.writes.push(write);
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
  const unfinished = ({ writes, progress }: Lane): boolean =>
    writes.length > 0 && progress.failure === undefined && progress.outcome !== "stale";
  for (let round = lanes; round.length > 0; round = round.filter(unfinished)) {
    const writes = round.flatMap((lane) => lane.writes.slice(0, 1));
    const operations = writes.map(({ operation }) => operation);
    const { results, changed } = await patience.persist(() => bulk(target, collection, operations));
    const refused = new Set<EffectWrite>();
    for (const [index, result] of results.entries()) {
      const lane = round[index];
      const write = writes[index];
      if (lane === undefined || write === undefined) continue;
      if (result.status === "failed" || (result.status === "duplicate" && !isUpsert(write.operation))) {
        lane.progress.failure = { reason: result.error };
        refused.add(write);
      } else if (result.status === "duplicate" && !lane.contested) {
        // Two that insert the same document at once: the loser may well be the newer. Its guard decides now.
        lane.contested = true;
        refused.add(write);
      } else {
        if (result.status === "duplicate") lane.progress.outcome = "older";
        lane.contested = false;
        lane.writes.shift();
      }
    }
    const settled = writes.filter((write) => !refused.has(write));
    const missing = new Set(await patience.persist(() => unproven(target, settled, changed)));
    for (const [index, write] of writes.entries()) {
      const progress = round[index]?.progress;
      if (progress !== undefined && missing.has(write)) progress.outcome = "stale";
    }
  }
};

const writeMarks = async (
  target: EffectTarget,
  all: readonly Progress[],
  patience: Patience,
): Promise<void> => {
  const now = new Date();
  const marked: Progress[] = [];
  const marks = all.flatMap((progress) => {
    const { effect, failure, outcome } = progress;
    const mark = failure === undefined && outcome !== "stale" ? markOf(effect, now) : undefined;
    if (mark === undefined) return [];
    marked.push(progress);
    return [mark];
  });
  if (marks.length === 0) return;
  const { results } = await patience.persist(() => bulk(target, processedEvents, marks));
  for (const [index, result] of results.entries()) {
    const progress = marked[index];
    // A duplicate was marked by somebody else a moment ago: marked is marked.
    if (result.status === "failed" && progress !== undefined) progress.failure = { reason: result.error };
  }
};
