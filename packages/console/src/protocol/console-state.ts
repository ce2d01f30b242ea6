// What the console tells its page, as JSON: nothing here knows more than plain data.

/** An address that is asked for its applications. */
interface SourceView {
  readonly url: string;
  /** Why it can't be reached; undefined where it answers. */
  readonly problem: string | undefined;
  /** Ids of the applications that run there. */
  readonly applications: readonly string[];
  readonly process: ProcessView | undefined;
}

/** A process that runs applications. */
export interface ProcessView {
  readonly host: string;
  readonly pid: number;
  /** ms since the epoch */
  readonly startedAt: number;
  readonly version: string;
}

/** What is known of Kafka itself. */
export interface KafkaView {
  /** Where it is; undefined: the console was not told, and shows no dead letters. */
  readonly address: string | undefined;
  readonly problem: string | undefined;
}

/** A process as one application sees it. */
export interface MemberView {
  /** Address of its endpoint. */
  readonly url: string;
  readonly process: ProcessView;
  readonly state: string;
  readonly ready: boolean;
  readonly waitsFor: readonly string[];
  readonly failure: string | undefined;
}

/** A task, and who has it: members by their addresses. */
export interface TaskView {
  readonly id: string;
  readonly subTopology: number;
  readonly partition: number;
  /** Undefined: nobody whom the console can ask. */
  readonly active: string | undefined;
  readonly state: "active" | "restoring" | "unassigned";
  readonly standbys: readonly { readonly url: string; readonly stateLag: number }[];
  /** Records behind the end of what it reads. */
  readonly lag: number;
  /** Records a second. */
  readonly processed: number;
}

/** Records per second, by who counts them. */
export interface RatesView {
  /** What operators forward, by node. */
  readonly forwarded: Readonly<Record<string, number>>;
  /** What is taken from topics and given to them, by `<sub-topology> <topic>`. */
  readonly consumed: Readonly<Record<string, number>>;
  readonly sent: Readonly<Record<string, number>>;
}

/** A store of an application, over all of its members. */
export interface StoreView {
  readonly name: string;
  readonly kind: "keyValue" | "window" | "session" | "versioned" | "join";
  readonly subTopology: number | undefined;
  /** About so many rows. */
  readonly entries: number;
  /** Records of its changelog that are still to be restored. */
  readonly toRestore: number;
}

/** Records that ended in no sink, since the members began. */
export interface LossesView {
  readonly late: number;
  readonly deadLettered: Readonly<Record<string, number>>;
  readonly dropped: Readonly<Record<string, number>>;
}

/** How an application does now. */
export interface ApplicationView {
  readonly id: string;
  /** The gravest of its members' states. */
  readonly state: string;
  /** What it waits for, in sentences, over all members. */
  readonly waitsFor: readonly string[];
  readonly deadLetterTopic: string | undefined;
  readonly members: readonly MemberView[];
  readonly tasks: readonly TaskView[];
  readonly rates: RatesView;
  readonly stores: readonly StoreView[];
  readonly losses: LossesView;
  /** Records a second that its tasks took. */
  readonly processed: number;
  /** Records behind, all partitions together; and by topic. */
  readonly lag: number;
  readonly lagByTopic: Readonly<Record<string, number>>;
  /** Calls of `mapAsync` and the like under way or waiting, by sub-topology. */
  readonly asyncCalls: Readonly<Record<string, number>>;
  /** ms; undefined where nothing was measured in the last seconds. */
  readonly commitMs: number | undefined;
  /** ms since the last commit of the member that committed last; undefined before the first. */
  readonly lastCommitMs: number | undefined;
  /** How old records are when they are given to sinks, mean, ms. */
  readonly endToEndMs: number | undefined;
  /** The last minutes, the oldest first: records per second and lag, a value a tick. */
  readonly recent: { readonly processed: readonly number[]; readonly lag: readonly number[] };
}

/** Everything that changes from second to second. */
export interface ConsoleState {
  /** ms since the epoch */
  readonly at: number;
  readonly sources: readonly SourceView[];
  readonly kafka: KafkaView;
  readonly applications: readonly ApplicationView[];
}
