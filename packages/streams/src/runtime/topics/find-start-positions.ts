import type { Clock } from "../../clock.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";
import type { Transport } from "../../transport/transport.ts";
import type { Log } from "../../log.ts";
import { CommittedNumbers } from "./committed-numbers.ts";
import { listedOffsets } from "./listed-offsets.ts";
import { holdsRows } from "./live-rows.ts";
import { changelogMark, sourceMark } from "./mark-names.ts";
import { decodeOffsetMetadata, type OffsetMetadata } from "./offset-metadata.ts";
import type { OffsetPolicy } from "./offset-policy.ts";
import type { TopicPlan } from "./plan.ts";
import { type ChangelogFacts, type SourceFacts, startPositions } from "./start-positions.ts";
import { sameMark, topicMarks } from "./topic-marks.ts";

/** A task that is to start: the partitions that it reads, and those that its stores are restored from. */
export interface StartingTask {
  readonly id: string;
  readonly sources: readonly TopicPartition[];
  readonly changelogs: readonly (TopicPartition & {
    readonly store: string;
    /** Whether it is one of the sources, which says nothing of whether state is there. */
    readonly isSource: boolean;
  })[];
}

export interface StartContext {
  readonly transport: Transport;
  readonly coordinator: Pick<GroupCoordinator, "fetchOffsets">;
  readonly plan: Pick<TopicPlan, "topicIds" | "fresh" | "internal">;
  readonly policy: OffsetPolicy;
  readonly exactlyOnce: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** `[begin, end)`. */
interface LogRange {
  readonly begin: number;
  readonly end: number;
}

interface StartPosition {
  readonly offset: number;
  /** Greatest timestamp up to the offset, ms; -1 for none. */
  readonly partitionTime: number;
  readonly leaderEpoch: number;
}

export type StartDecision =
  | {
      readonly kind: "start";
      /** By topic-partition. */
      readonly positions: ReadonlyMap<string, StartPosition>;
      /** What the changelogs hold, up to which the stores are restored: by topic-partition. */
      readonly changelogs: ReadonlyMap<string, LogRange>;
      /** What operators committed, and the marks that each commit bears from now on. */
      readonly numbers: CommittedNumbers;
      /**
       * These positions are to be committed before the first record: without a transaction a changelog could otherwise
       * be there without offsets, after a crash in the very first commit.
       */
      readonly commitFirst: boolean;
    }
  | { readonly kind: "stop"; readonly error: unknown };

interface Committed {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: OffsetMetadata;
}

type AllCommitted = ReadonlyMap<string, Committed>;

/** Offsets may be committed between two looks; so often everything is looked at again. */
const looks = 3;

/**
 * Where tasks go on, by task. The committed offsets come first: asking for them waits for a predecessor's transaction,
 * and only after that the logs hold all that belongs to them. Where the two do not fit, the offsets are asked for once
 * more: a member that stood still between its questions may be compared with what others have done meanwhile.
 */
export const findStartPositions = async (
  tasks: readonly StartingTask[],
  context: StartContext,
): Promise<ReadonlyMap<string, StartDecision>> => {
  let committed = await committedOffsets(tasks, context);
  for (let left = looks; ; left--) {
    const logs = await logsOf(tasks, context);
    const decisions = await Promise.all(tasks.map((task) => decide(task, committed, logs, context)));
    const found = new Map(tasks.map(({ id }, at) => [id, decisions[at] as StartDecision]));
    if (left === 0 || decisions.every(({ kind }) => kind === "start")) return found;
    const now = await committedOffsets(tasks, context);
    if ([...now].every(([name, { offset }]) => committed.get(name)?.offset === offset)) return found;
    committed = now;
  }
};

const committedOffsets = async (
  tasks: readonly StartingTask[],
  { coordinator }: StartContext,
): Promise<AllCommitted> =>
  new Map(
    (await coordinator.fetchOffsets(tasks.flatMap(({ sources }) => sources))).map(
      ({ topic, partition, offset, leaderEpoch, metadata }): [string, Committed] => [
        topicPartitionName(topic, partition),
        { offset, leaderEpoch, metadata: decodeOffsetMetadata(metadata) },
      ],
    ),
  );

const logsOf = async (tasks: readonly StartingTask[], { transport }: StartContext): Promise<Logs> => {
  const sources = tasks.flatMap((task) => task.sources);
  // Those that are sources are asked for as such, where the task has a partition of them.
  const changelogs = tasks.flatMap((task) => task.changelogs.filter(({ isSource }) => !isSource));
  const [begins, ends, changelogBegins, changelogEnds] = await Promise.all([
    listedOffsets(transport, sources, "earliest"),
    listedOffsets(transport, sources, "latest"),
    listedOffsets(transport, changelogs, "earliest"),
    listedOffsets(transport, changelogs, "latest"),
  ]);
  return { begins: both(begins, changelogBegins), ends: both(ends, changelogEnds) };
};

interface Logs {
  readonly begins: ReadonlyMap<string, number>;
  readonly ends: ReadonlyMap<string, number>;
}

const both = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
  new Map([...a, ...b]);

const decide = async (
  { id, sources, changelogs }: StartingTask,
  committed: AllCommitted,
  { begins, ends }: Logs,
  { transport, clock, plan, policy, exactlyOnce, log }: StartContext,
): Promise<StartDecision> => {
  const own = changelogs.filter(({ isSource }) => !isSource);
  const marks = topicMarks(
    sources,
    own.map(({ topic }) => topic),
    plan.topicIds,
  );
  const of = ({ topic, partition }: TopicPartition): Committed =>
    committed.get(topicPartitionName(topic, partition)) ?? never;
  const numbers = CommittedNumbers.merged(
    sources.map((source) => of(source).metadata.numbers),
    sources.some((source) => of(source).metadata.partitionTime >= 0),
  );
  const facts = sources.map(({ topic, partition }): SourceFacts => {
    const name = topicPartitionName(topic, partition);
    const { offset, metadata } = of({ topic, partition });
    return {
      topic,
      partition,
      committed: offset,
      begin: begins.get(name) ?? 0,
      end: ends.get(name) ?? 0,
      sameTopic: sameMark(sourceMark(topic), marks, metadata.numbers),
      fromBeginning: plan.fresh.has(topic) || plan.internal.some((internal) => internal.topic === topic),
    };
  });
  const first = facts.every((source) => source.committed < 0);
  const kept = await Promise.all(
    own.map(async ({ store, topic, partition }): Promise<ChangelogFacts> => {
      const name = topicPartitionName(topic, partition);
      const end = ends.get(name) ?? 0;
      const rows =
        first && (await holdsRows(transport, clock, { topic, partition }, begins.get(name) ?? 0, end));
      return { store, topic, partition, end, holdsRows: rows };
    }),
  );
  const found = startPositions(
    {
      task: id,
      sources: facts,
      changelogs: kept,
      // Made by this process, and nothing of its own committed since: those before had another, or none.
      sameChangelogs:
        sameMark(changelogMark, marks, numbers) ??
        (own.some(({ topic }) => plan.fresh.has(topic)) ? false : undefined),
    },
    policy,
  );
  if (found.kind === "stop") return found;
  for (const { message, fields } of found.warnings) log("warn", message, fields);
  const positions = new Map(
    [...found.offsets].map(([name, offset]): [string, StartPosition] => {
      const was = (found.anew ? undefined : committed.get(name)) ?? never;
      const leaderEpoch = offset === was.offset ? was.leaderEpoch : -1;
      return [name, { offset, partitionTime: was.metadata.partitionTime, leaderEpoch }];
    }),
  );
  return {
    kind: "start",
    positions,
    changelogs: new Map(
      changelogs.map(({ topic, partition, isSource }) => {
        const name = topicPartitionName(topic, partition);
        // What comes after the position of a source is still to be processed.
        const end = isSource ? found.offsets.get(name) : ends.get(name);
        return [name, { begin: begins.get(name) ?? 0, end: end ?? 0 }];
      }),
    ),
    numbers: (found.anew ? never.metadata.numbers : numbers).with(marks),
    commitFirst: first && !exactlyOnce && own.length > 0,
  };
};

const never: Committed = { offset: -1, leaderEpoch: -1, metadata: decodeOffsetMetadata("") };
