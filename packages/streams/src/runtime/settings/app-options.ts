import type { StateBackend } from "../../state/state-backend.ts";
import type { Transport } from "../../transport/transport.ts";
import type { Compression } from "../../transport/record-producer.ts";
import type { Clock } from "../../clock.ts";
import type { RecordTracer } from "../task/record-tracer.ts";
import type { ErrorHandlers } from "./error-handlers.ts";
import type { Log } from "../../log.ts";

/** What holds of results when something fails (`processing.guarantee`): `exactly_once` is `exactly_once_v2`. */
export type Guarantee = "exactly_once" | "at_least_once";

/** How an application runs. Durations in ms, sizes in bytes; names of Kafka Streams' settings in parentheses. */
export interface AppOptions {
  /** How to reach Kafka: `kafka({ brokers, ... })`, or a simulated cluster's. Closed when the app stops. */
  readonly transport: Transport;
  /** Prefix of internal topics and transactional ids, and the consumer group (`application.id`); the topology's name. */
  readonly applicationId?: string;
  /** `exactly_once` is EOS-v2 (`processing.guarantee`); the default. */
  readonly guarantee?: Guarantee;
  /** (`commit.interval.ms`); 100 under exactly_once, else 30,000. */
  readonly commitIntervalMs?: number;
  /** A commit comes early when this much waits to be sent; 32 MiB. */
  readonly maxUncommittedBytes?: number;
  /** (`session.timeout.ms`); 45,000. */
  readonly sessionTimeoutMs?: number;
  /** (`heartbeat.interval.ms`); 3,000. */
  readonly heartbeatIntervalMs?: number;
  /** How long a rebalance waits for this member to give partitions up (`max.poll.interval.ms`); 60,000. */
  readonly rebalanceTimeoutMs?: number;
  /** Static membership (`group.instance.id`): a quick restart causes no rebalance. Must be unique in the group. */
  readonly instanceId?: string;
  /** (`transaction.timeout.ms`); 10,000. */
  readonly transactionTimeoutMs?: number;
  /** Where a source starts that was never committed (`auto.offset.reset`); "earliest". */
  readonly startFrom?: "earliest" | "latest";
  /**
   * Where reading goes on when an offset is not in the log (`auto.offset.reset` of a running application): "earliest",
   * "latest", or "fail". Without it: on with the first record that is left, where the log's beginning has been deleted;
   * on at the end, where brokers have lost the last records of a log; and stop, where that can't be told from a topic
   * that was made anew. All but the first go with a warning, which says how many records are lost.
   */
  readonly onOffsetOutOfRange?: "earliest" | "latest" | "fail";
  /**
   * A task has state and no committed offsets: reading its sources from the beginning would count what the state has
   * counted already. "fail" stops with what to do; "continue" is for topologies to which records may come twice; "fail".
   */
  readonly onStateWithoutOffsets?: "fail" | "continue";
  /**
   * A changelog is gone, and the offsets are not: the state would lack all before them. "fail" stops with what to do,
   * also where a store is new in a sub-topology that has read before; "continue" begins with an empty store; "rewind"
   * reads the sources again from their beginnings; "fail".
   */
  readonly onOffsetsWithoutState?: "fail" | "continue" | "rewind";
  /**
   * Records wait in a repartition topic that this application has read, and that its topology does not have any more:
   * "fail" stops with what to do, "ignore" leaves them there; "fail".
   */
  readonly onUnreadRepartition?: "fail" | "ignore";
  /** A source topic was deleted and made anew: "restart" reads the new one as `startFrom` says; "fail". */
  readonly onTopicRecreated?: "fail" | "restart";
  /** Where records go that can't be processed; without it they stop the application. Must exist at start. */
  readonly deadLetterTopic?: string;
  /** Where late records go, unchanged; without it they are only counted. Must exist at start. */
  readonly lateTopic?: string;
  readonly handlers?: Partial<ErrorHandlers>;
  /** Of what is produced (`compression.type`); "none". */
  readonly compression?: Compression;
  /** Of internal topics (`replication.factor`); the broker's default. */
  readonly replicationFactor?: number;
  /** (`max.partition.fetch.bytes`); 1 MiB. */
  readonly maxFetchBytesPerPartition?: number;
  /** Of all partitions together, fetched and not yet processed; 64 MiB. */
  readonly maxBufferedBytes?: number;
  /**
   * How long one call of `mapAsync`, or a commit's wait for all of them, may take, before this member gives its tasks up
   * so that others go on (`max.poll.interval.ms`); 300,000. It is told in the log long before.
   */
  readonly maxStallMs?: number;
  /**
   * How long a task waits for a partition of its own that has no records while another has (`max.task.idle.ms`, KIP-695);
   * 0: until all that is there has been fetched. Negative: not at all.
   */
  readonly maxTaskIdleMs?: number;
  /**
   * Where state outlives the process, e.g. `await lmdbState({ directory })` of `@millrace/lmdb` (`state.dir`); without it
   * state is in memory, and read back from its changelogs at each start. Closed when the app stops.
   */
  readonly state?: StateBackend;
  /**
   * State of tasks that moved away is deleted when it has not been used for so long (`state.cleanup.delay.ms`); looked
   * for as often, and first so long after the start; 600,000.
   */
  readonly stateCleanupDelayMs?: number;
  /**
   * How many other members keep each task's state up to date (`num.standby.replicas`): who takes a task over after a crash
   * then reads only the last records of its changelogs; 0. The group's leader decides for all: give all members the same.
   */
  readonly standbyReplicas?: number;
  /**
   * A task moves at once to a member that lacks at most so many records of its state; else it stays where it is until that
   * member has warmed up (`acceptable.recovery.lag`, KIP-441); 10,000.
   */
  readonly acceptableRecoveryLag?: number;
  /** How many states warm up at a time, in the whole group, for tasks that are to move (`max.warmup.replicas`); 2. */
  readonly maxWarmupReplicas?: number;
  /** While states warm up, it is asked again after this time whether tasks can move (`probing.rebalance.interval.ms`); 600,000. */
  readonly probingRebalanceIntervalMs?: number;
  /** Where this member runs, e.g. `{ zone: "eu-1a" }` (`client.tag.*`, KIP-708). */
  readonly clientTags?: Readonly<Record<string, string>>;
  /** Standbys go, where that can be, to members that differ in these tags (`rack.aware.assignment.tags`). */
  readonly rackAwareAssignmentTags?: readonly string[];
  /**
   * "host:port" at which this member can be asked for what its stores hold (`application.server`). Nothing listens there by
   * itself; it is told to all members, see `App.storeHosts`.
   */
  readonly applicationServer?: string;
  /** False: every change of an aggregate goes downstream at once (`statestore.cache.max.bytes` 0); true. */
  readonly caching?: boolean;
  /** (`repartition.purge.interval.ms`); 30,000. */
  readonly repartitionPurgeIntervalMs?: number;
  /** The topics are looked at again after this time (`metadata.max.age.ms`); 300,000. */
  readonly metadataMaxAgeMs?: number;
  /** Follows records from header to header, e.g. `traceRecords(tracer)` of `@millrace/opentelemetry`. */
  readonly tracer?: RecordTracer;
  /** Told what it does; unless given, warnings and errors go to standard error. */
  readonly log?: Log;
  readonly clock?: Clock;
}

/** The options with their defaults. */
export interface AppSettings extends Required<
  Omit<
    AppOptions,
    | "onOffsetOutOfRange"
    | "instanceId"
    | "state"
    | "deadLetterTopic"
    | "lateTopic"
    | "replicationFactor"
    | "handlers"
    | "applicationServer"
    | "tracer"
  >
> {
  readonly instanceId: string | undefined;
  readonly state: StateBackend | undefined;
  readonly onOffsetOutOfRange: "earliest" | "latest" | "fail" | undefined;
  readonly deadLetterTopic: string | undefined;
  readonly lateTopic: string | undefined;
  readonly replicationFactor: number | undefined;
  readonly applicationServer: string | undefined;
  readonly tracer: RecordTracer | undefined;
  readonly handlers: ErrorHandlers;
}
