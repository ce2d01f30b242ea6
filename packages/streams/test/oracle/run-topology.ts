import { isDeepStrictEqual } from "node:util";
import {
  int,
  long,
  type Serde,
  sessionWindowed,
  string,
  type Topology,
  windowed,
  type KeyValueStoreDefinition,
  type SessionStoreDefinition,
  type WindowStoreDefinition,
} from "../../src/index.ts";
import { type ProducedRecord, TestDriver } from "../../src/testing/index.ts";
import type { Scenario } from "./topologies/scenario.ts";
import type { Vector, VectorBytes, VectorKey, VectorRecord, VectorRow, VectorTopic } from "./vector.ts";

/** Runs a vector's input through its topology; each line is one difference from what the JVM did. */
export const runTopology = (vector: Vector, { build, beyond }: Scenario): readonly string[] => {
  const { config } = vector;
  const trace: string[] = [];
  const topology = build((line) => trace.push(line));
  const driver = new TestDriver(topology, {
    caching: Number(config["statestore.cache.max.bytes"] ?? 0) > 0,
    emitIntervalMs: Math.max(
      Number(config["__emit.interval.ms.kstreams.windowed.aggregation__"] ?? 0),
      Number(config["__emit.interval.ms.kstreams.outer.join.spurious.results.fix__"] ?? 0),
    ),
    expireInChangelog: false,
  });
  let failed: { readonly atInput: number; readonly message: string } | undefined;
  for (const [at, input] of vector.inputs.entries()) {
    try {
      if ("advanceWallClock" in input) driver.advanceWallClock(input.advanceWallClock);
      else pipe(driver, vector, input);
    } catch (error) {
      failed = { atInput: at, message: error instanceof Error ? error.message : String(error) };
      break;
    }
  }
  const differences: string[] = [...descriptionDifferences(vector, topology)];
  if (failed?.atInput !== vector.error?.atInput)
    differences.push(`error: expected ${text(vector.error)}, and there was ${text(failed)}`);
  const sinks = driver.produced.filter(({ topic }) => vector.topics[topic]?.role === "output");
  const outputs = sinks.map((record) => decoded(vector, record));
  if (beyond === undefined) {
    differences.push(...listDifferences("output", vector.outputs, outputs));
    if (vector.outputsPerInput !== undefined)
      differences.push(
        ...listDifferences("outputs of input", vector.outputsPerInput, perInput(vector, sinks)),
      );
    differences.push(...storeDifferences(vector, topology, driver));
  } else differences.push(...missing(vector.outputs, outputs));
  const { late, nullKeys, negativeTimestamps } = driver.metrics;
  const dropped = late + nullKeys + negativeTimestamps;
  if (dropped !== vector.droppedRecords)
    differences.push(`dropped: expected ${vector.droppedRecords}, not ${dropped}`);
  if (vector.trace !== undefined) differences.push(...listDifferences("trace", vector.trace, trace));
  if (vector.bytes !== undefined)
    differences.push(...bytesDifferences(vector.bytes.produced, driver.produced));
  return differences;
};

const pipe = (
  driver: TestDriver,
  { topics }: Vector,
  { topic, key, value, timestamp }: VectorRecord,
): void => {
  const declared = topics[topic];
  if (declared === undefined || (typeof key !== "string" && key !== null))
    throw new Error(`the vector has an input for "${topic}" that can't be piped`);
  driver.pipeBytes(
    topic,
    key === null ? null : Buffer.from(key),
    writeValue(declared.value, value),
    timestamp,
  );
};

const writeValue = (type: VectorTopic["value"], value: string | number | null): Uint8Array | null => {
  if (value === null) return null;
  if (type === "string") return string().serialize(String(value));
  return (type === "long" ? long() : int()).serialize(Number(value));
};

const readValue = (type: VectorTopic["value"], bytes: Uint8Array | null): string | number | null =>
  bytes === null
    ? null
    : read<string | number>(type === "string" ? string() : type === "long" ? long() : int(), bytes);

const readKey = (kind: string, bytes: Uint8Array | null): VectorKey => {
  if (bytes === null) return null;
  if (kind === "string") return read(string(), bytes);
  if (kind === "session") {
    const { key, start, end } = read(sessionWindowed(string()), bytes);
    return { key, start, end };
  }
  const size = /^time:(\d+)$/.exec(kind)?.[1];
  if (size === undefined) throw new Error(`keys of the kind "${kind}" are not known yet`);
  const { key, start, end } = read(windowed(string(), Number(size)), bytes);
  return { key, start, end };
};

const read = <T>({ deserialize }: Pick<Serde<T>, "deserialize">, bytes: Uint8Array): T =>
  deserialize(Buffer.from(bytes), 0, bytes.length);

const decoded = ({ topics }: Vector, { topic, key, value, timestamp }: ProducedRecord): VectorRecord => {
  const declared = topics[topic];
  if (declared === undefined) throw new Error(`the vector has no topic "${topic}"`);
  return { topic, key: readKey(declared.key, key), value: readValue(declared.value, value), timestamp };
};

const perInput = (
  { inputs, outputsPerInput = [] }: Vector,
  sinks: readonly ProducedRecord[],
): readonly number[] => {
  const counts = Array.from({ length: Math.min(inputs.length, outputsPerInput.length) }, () => 0);
  for (const { afterInput } of sinks) counts[afterInput - 1] = (counts[afterInput - 1] ?? 0) + 1;
  return counts;
};

const storeDifferences = ({ store }: Vector, topology: Topology, driver: TestDriver): readonly string[] =>
  Object.entries(store).flatMap(([name, rows]) => {
    if (rows === null) return [];
    const found = rowsOf(topology, driver, name);
    // Plain stores keep no timestamps, and the end of a window is not in the store: the topic's serde adds it.
    const ended = rows.length > 0 && found.some(({ end }) => end !== undefined);
    const kept = new Set(rows.flatMap((row) => Object.keys(row)).filter((field) => field !== "end" || ended));
    const picked = (row: VectorRow): object =>
      Object.fromEntries(Object.entries(row).filter(([field]) => kept.has(field)));
    return listDifferences(`store "${name}"`, sorted(rows.map(picked)), sorted(found.map(picked)));
  });

const rowsOf = (topology: Topology, driver: TestDriver, name: string): readonly VectorRow[] =>
  topology.globals.some(({ role }) => role.type === "global" && role.store.name === name)
    ? [...driver.store<KeyValueStoreDefinition<string, string | number>>(name).all()].map(([key, value]) => ({
        key,
        value,
        timestamp:
          driver.store<KeyValueStoreDefinition<string, string | number>>(name).row(key)?.timestamp ?? -1,
      }))
    : rowsOfTask(topology, driver, name);

const rowsOfTask = (topology: Topology, driver: TestDriver, name: string): readonly VectorRow[] => {
  const kind = topology.subTopologies
    .flatMap(({ stores }) => stores)
    .find((store) => store.name === name)?.kind;
  if (kind === "session")
    return [
      ...driver
        .store<SessionStoreDefinition<string, string | number>>(name)
        .fetchAll(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
    ].map(({ key, start, end, value, timestamp }) => ({ key, start, end, value, timestamp }));
  return kind === "window"
    ? [
        ...driver
          .store<WindowStoreDefinition<string, string | number>>(name)
          .fetchAll(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
      ].map(({ key, start, value, timestamp }) => ({ key, start, value, timestamp }))
    : [...driver.store<KeyValueStoreDefinition<string, string | number>>(name).all()].map(([key, value]) => ({
        key,
        value,
        timestamp:
          driver.store<KeyValueStoreDefinition<string, string | number>>(name).row(key)?.timestamp ?? -1,
      }));
};

const sorted = (rows: readonly object[]): readonly object[] =>
  rows
    .map((row) => Object.fromEntries(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/**
 * What the producer gives its own time, the changelog of a suppress, the JVM writes in the order of a hash set: compared in
 * that of its keys, without a time.
 */
const bytesDifferences = (
  expected: readonly VectorBytes[],
  produced: readonly ProducedRecord[],
): readonly string[] => {
  const untimed = new Set(expected.filter(({ timestamp }) => timestamp === null).map(({ topic }) => topic));
  const inOrder = (records: readonly VectorBytes[]): readonly object[] =>
    records
      .map((record, at) => ({ record, at }))
      .toSorted((a, b) => {
        const sameSet = untimed.has(a.record.topic) && a.record.topic === b.record.topic;
        if (!sameSet || a.record.input !== b.record.input) return a.at - b.at;
        return (a.record.keyHex ?? "") < (b.record.keyHex ?? "") ? -1 : 1;
      })
      .map(({ record }) => comparable(record, untimed));
  return listDifferences("bytes", inOrder(expected), inOrder(produced.map(hexed)));
};

const comparable = (
  { input, topic, keyHex, valueHex, timestamp, headers = [] }: VectorBytes,
  untimed: ReadonlySet<string>,
): object => ({
  input,
  topic,
  keyHex,
  valueHex,
  timestamp: untimed.has(topic) ? null : timestamp,
  headers,
});

const hexed = ({ afterInput, topic, key, value, timestamp, headers }: ProducedRecord): VectorBytes => ({
  input: afterInput - 1,
  topic,
  partition: null,
  keyHex: hex(key),
  valueHex: hex(value),
  timestamp,
  headers: headers.map(([name, bytes]) => [name, hex(bytes)] as const),
});

const hex = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString("hex");

/** Line by line; in which order the JVM lists what comes before or after a node is a matter of its hash tables. */
const descriptionDifferences = ({ java, describe }: Vector, topology: Topology): readonly string[] =>
  // Which topics an extractor can choose the JVM does not know; branches with consumers are numbered one by one there.
  describe === undefined ||
  describe.includes("extractor class") ||
  java?.includes("Branched.withConsumer") === true
    ? []
    : listDifferences("description", described(describe), described(topology.describe()));

const described = (description: string): readonly string[] =>
  description.split("\n").map((line) => {
    const [arrow, list] = line.split(/(?<=-->|<--) /);
    return list === undefined ? line : `${arrow} ${list.split(", ").toSorted().join(", ")}`;
  });

const text = (value: unknown): string => JSON.stringify(value) ?? "nothing";

/** The first few places where two lists differ. */
const listDifferences = (
  what: string,
  expected: readonly unknown[],
  actual: readonly unknown[],
): readonly string[] => {
  const differences: string[] = [];
  for (let at = 0; at < Math.max(expected.length, actual.length) && differences.length < 3; at++)
    if (!isDeepStrictEqual(expected[at], actual[at]))
      differences.push(`${what} ${at}: expected ${text(expected[at])}, not ${text(actual[at])}`);
  return differences;
};

const missing = (expected: readonly unknown[], actual: readonly unknown[]): readonly string[] => {
  const left = [...actual];
  return expected.flatMap((one) => {
    const at = left.findIndex((other) => isDeepStrictEqual(one, other));
    if (at < 0) return [`output: ${text(one)} is missing`];
    left.splice(at, 1);
    return [];
  });
};
