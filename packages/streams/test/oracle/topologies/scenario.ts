import {
  long,
  nullable,
  string,
  type Topic,
  topic,
  type Topology,
  topology,
  type TopologyEnd,
} from "../../../src/index.ts";

/** A topology that vectors were made with. */
export interface Scenario {
  /** The topology, as application `app`; `trace` takes what its peeks say. */
  readonly build: (trace: (line: string) => void) => Topology;
  /** Where Millrace does more than the JVM, and why: the JVM's outputs are then among its own. */
  readonly beyond?: string;
}

export const scenario = (
  sinks: (trace: (line: string) => void) => readonly TopologyEnd[],
  beyond?: string,
): Scenario => ({
  build: (trace) => topology("app", ...sinks(trace)),
  ...(beyond !== undefined && { beyond }),
});

/** A topic of strings that may be null, keys too. */
export const strings = (name: string): Topic<string | null, string | null> =>
  topic(name, { key: nullable(string()), value: nullable(string()) });

/** A topic of longs under strings. */
export const longs = (name: string): Topic<string | null, number> =>
  topic(name, { key: nullable(string()), value: long() });

/** The aggregator ADD of the vectors. */
export const plus = (aggregate: string, value: string | null): string => `${aggregate}+${value}`;

/** The reducer CAT of the vectors. */
export const comma = (a: string | null, b: string | null): string => `${a},${b}`;
