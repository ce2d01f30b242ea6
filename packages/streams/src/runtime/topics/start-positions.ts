import { MillraceError } from "../../errors.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import type { OffsetPolicy } from "./offset-policy.ts";
import { goOnOutOfRange } from "./out-of-range.ts";

/** A partition that a task reads: what was committed, and what its log has. */
export interface SourceFacts {
  readonly topic: string;
  readonly partition: number;
  /** -1: never, or expired. */
  readonly committed: number;
  /** The log has `[begin, end)`. */
  readonly begin: number;
  readonly end: number;
  /** Whether the offset was committed of this topic, and not of one that had its name before; undefined: not known. */
  readonly sameTopic: boolean | undefined;
  /** Wherever the application starts: it is a topic of its own, or one that came while it ran, and all of it is new. */
  readonly fromBeginning: boolean;
}

/** The changelog of one of a task's stores. */
export interface ChangelogFacts {
  readonly store: string;
  readonly topic: string;
  readonly partition: number;
  /** 0 for one that never had a record. */
  readonly end: number;
  /** A row is left in it; only told where no offset was committed. */
  readonly holdsRows: boolean;
}

export interface TaskFacts {
  readonly task: string;
  readonly sources: readonly SourceFacts[];
  readonly changelogs: readonly ChangelogFacts[];
  /** Whether the offsets were committed with these changelogs; undefined: not known. */
  readonly sameChangelogs: boolean | undefined;
}

interface StartWarning {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Where a task's sources go on, by topic-partition, or why it must not start. */
export type StartPositions =
  | {
      readonly kind: "start";
      readonly offsets: ReadonlyMap<string, number>;
      /** All is built anew: what operators committed of the times before counts no more. */
      readonly anew: boolean;
      readonly warnings: readonly StartWarning[];
    }
  | { readonly kind: "stop"; readonly error: MillraceError };

/**
 * Checks that a task's offsets, its state and the logs belong together. Where they don't, going on would count records
 * twice, or leave them out, without a word: the policy says what is done then. Pure.
 */
export const startPositions = (facts: TaskFacts, policy: OffsetPolicy): StartPositions => {
  const checks = [stateWithoutOffsets(facts, policy), offsetsWithoutState(facts, policy)];
  const offsets = new Map<string, number>();
  const warnings: StartWarning[] = [];
  let anew = false;
  for (const check of checks) {
    if (check instanceof MillraceError) return { kind: "stop", error: check };
    if (check === undefined) continue;
    warnings.push(check.warning);
    anew ||= check.rewind;
  }
  for (const source of facts.sources) {
    const at = anew ? source.begin : positionOf(source, policy, warnings);
    if (at instanceof MillraceError) return { kind: "stop", error: at };
    offsets.set(topicPartitionName(source.topic, source.partition), at);
  }
  return { kind: "start", offsets, anew, warnings };
};

interface Tolerated {
  readonly warning: StartWarning;
  readonly rewind: boolean;
}

/** Records that the state has counted already would be read again. */
const stateWithoutOffsets = (
  { task, sources, changelogs }: TaskFacts,
  { startFrom, onStateWithoutOffsets }: OffsetPolicy,
): Tolerated | MillraceError | undefined => {
  const holding = changelogs.filter(({ holdsRows }) => holdsRows).map(({ topic }) => topic);
  const rereads = sources.some(
    ({ begin, end, fromBeginning }) => (startFrom === "earliest" || fromBeginning) && end > begin,
  );
  if (holding.length === 0 || !rereads || sources.some(({ committed }) => committed >= 0)) return undefined;
  const what =
    `task ${task} has state (${list(holding)}) and no committed offsets, which have expired or were deleted: ` +
    `reading ${list(sources.map(({ topic }) => topic))} from the beginning would count its records a second time`;
  if (onStateWithoutOffsets === "continue")
    return { warning: { message: `${what}; doing so, as asked`, fields: { task } }, rewind: false };
  return new MillraceError(
    `${what}. Either delete the application's changelog topics, and all is built anew; or set its offsets to where the ` +
      "state is (kafka-consumer-groups.sh --bootstrap-server BROKER --group APPLICATION --reset-offsets ... --execute); " +
      'or run it with onStateWithoutOffsets "continue", where records that come twice do no harm',
    { code: "STATE_WITHOUT_OFFSETS" },
  );
};

/** What the state held of records before the offsets is gone. */
const offsetsWithoutState = (
  { task, sources, changelogs, sameChangelogs }: TaskFacts,
  { onOffsetsWithoutState }: OffsetPolicy,
): Tolerated | MillraceError | undefined => {
  const empty = changelogs.filter(({ end }) => end === 0).map(({ topic }) => topic);
  const read = sources.some(({ committed }) => committed > 0);
  if (sameChangelogs !== false || empty.length === 0 || !read) return undefined;
  const what =
    `changelog ${list(empty)} of task ${task} was made anew since its offsets were committed: the state lacks what was ` +
    "read before them";
  const error = (advice: string): MillraceError =>
    new MillraceError(`${what}. ${advice}`, { code: "OFFSETS_WITHOUT_STATE" });
  if (onOffsetsWithoutState === "continue")
    return { warning: { message: `${what}; going on, as asked`, fields: { task } }, rewind: false };
  if (onOffsetsWithoutState === "rewind") {
    if (empty.length === changelogs.length)
      return { warning: { message: `${what}; reading all again, as asked`, fields: { task } }, rewind: true };
    return error(
      "Reading all again would count records twice in the stores that are left: delete their changelogs, too, or run " +
        'it with onOffsetsWithoutState "continue"',
    );
  }
  return error(
    'Run it once with onOffsetsWithoutState "rewind" to build it anew from what the sources still have, or with ' +
      '"continue" to go on with an empty store',
  );
};

const positionOf = (
  source: SourceFacts,
  { startFrom, onOffsetOutOfRange, onTopicRecreated }: OffsetPolicy,
  warnings: StartWarning[],
): number | MillraceError => {
  const { topic, partition, committed, begin, end, sameTopic, fromBeginning } = source;
  const fields = { topic, partition, offset: committed };
  const first = startFrom === "earliest" || fromBeginning ? begin : end;
  if (committed < 0) return first;
  if (sameTopic === false) {
    const what = `topic ${topic} was made anew since offset ${committed} of ${topic}-${partition} was committed`;
    if (onTopicRecreated === "restart") {
      warnings.push({ message: `${what}; starting with the new one at ${first}`, fields });
      return first;
    }
    return new MillraceError(
      `${what}: it belongs to another topic. Run it once with onTopicRecreated "restart" to read the new one from its ` +
        `${startFrom === "earliest" ? "beginning" : "end"}, or set the offset with kafka-consumer-groups.sh --reset-offsets`,
      { code: "TOPIC_RECREATED", position: fields },
    );
  }
  if (committed >= begin && committed <= end) return committed;
  const outcome = goOnOutOfRange({ ...source, offset: committed }, onOffsetOutOfRange);
  if (outcome instanceof MillraceError) return outcome;
  warnings.push({ message: outcome.message, fields: { ...fields, lost: outcome.lost } });
  return outcome.offset;
};

const list = (names: readonly string[]): string => [...new Set(names)].map((name) => `"${name}"`).join(", ");
