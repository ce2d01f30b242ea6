import type { AppOptions, Topic, Topology } from "../../src/index.ts";
import type { SimulatedProcess } from "../../src/testing/simulated-cluster/simulated-process.ts";

/** A record of a workload's input. */
export interface InputRecord {
  readonly topic: Topic<any, any>; // oxlint-disable-line typescript/no-explicit-any -- topics of every type, side by side
  readonly key: unknown;
  readonly value: unknown;
  readonly timestamp: number;
}

/** What must be in an output topic, by key as text. */
export interface Expectation {
  readonly topic: Topic<any, any>; // oxlint-disable-line typescript/no-explicit-any -- as above
  /**
   * `all`: these values, each once, in this order. `set`: in whatever order. `latest`: the last value is this one, and no value comes twice in a
   * row. `rising`: also, each value is greater than the one before. `sum`: the numbers add up to this one. `once`: each
   * value that is still in the input once, and any other that ever was at most once. `covers`: the same, but each as often
   * as it likes. `reaches`: the last number is this one, or greater.
   */
  readonly how: "all" | "set" | "latest" | "rising" | "sum" | "once" | "covers" | "reaches";
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** What a schedule may change about how an application runs. */
export type Variant = Required<Pick<AppOptions, "caching" | "commitIntervalMs">>;

/**
 * A topology with an input, and what must come of it whatever happens on the way. One file in `workloads/` each, which
 * exports it as `workload`.
 */
export interface Workload {
  readonly name: string;
  /** Topics that it reads and writes, with their numbers of partitions. */
  readonly topics: Readonly<Record<string, number>>;
  /** Topics that are made on the way, with their numbers of partitions. */
  readonly created?: Readonly<Record<string, number>>;
  /** Topics without input that are deleted on the way. */
  readonly deleted?: readonly string[];
  /** Topics of the input that get more partitions on the way. */
  readonly grows?: readonly string[];
  /** Topics of the input that are deleted and made anew on the way. */
  readonly recreated?: readonly string[];
  /** Topics of the input whose first records expire on the way, read or not. */
  readonly recordsExpire?: readonly string[];
  /** All members die at once, and the group's offsets expire before they are back. */
  readonly offsetsExpire?: boolean;
  /** Codes of errors with which an application may end; whoever runs it starts it again. */
  readonly mayEnd?: readonly string[];
  /** How it runs, where that is not by default. */
  readonly app?: Pick<AppOptions, "guarantee" | "onTopicRecreated">;
  /** Names of its stores: what is in their changelogs at the end must be what an undisturbed run leaves there. */
  readonly stores: readonly string[];
  /** How many rows there are left in a store's changelog, by its name: what has expired is to leave it. */
  readonly rows?: (input: readonly InputRecord[]) => ReadonlyMap<string, number>;
  /** Made anew for each process, which gives it time and chance, and takes its time. */
  readonly topology: (process: SimulatedProcess) => Topology;
  /** Portions that are written one after the other, each in one moment. `from`: earliest time of a record. */
  readonly input: (random: () => number, from: number) => readonly (readonly InputRecord[])[];
  /** By a calculation of its own, which shares nothing with the topology. */
  readonly expected: (input: readonly InputRecord[], variant: Variant) => readonly Expectation[];
}
