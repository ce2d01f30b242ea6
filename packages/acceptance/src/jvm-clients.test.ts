import { hasJvm, LogReader } from "@millrace/devstack";
import { type Compression, type Headers, kafka } from "@millrace/streams";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { runJvmClient } from "./run-jvm-client.ts";

const transport = kafka({ brokers: inject("kafka").split(",") });
afterAll(() => transport.close());

interface Plain {
  readonly key: string | null;
  readonly value: string | null;
  readonly timestamp: number;
  readonly headers: readonly (readonly [string, string | null])[];
}

const records: readonly Plain[] = Array.from({ length: 3_000 }, (_, n) => ({
  key: n % 10 === 3 ? null : `key ${n % 50}`,
  value: n % 10 === 7 ? null : `value ${n} `.repeat(1 + (n % 40)),
  timestamp: n % 10 === 1 ? 0 : 1_700_000_000_000 + ((n * 7_919) % 10_000),
  headers: n % 3 === 0 ? [["trace", `t${n}`] as const, ["none", null] as const] : [],
}));

const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text));

const write = async (topic: string, compression: Compression): Promise<void> => {
  const producer = await transport.createProducer({
    transactionalId: `${topic}-producer`,
    transactionTimeoutMs: 10_000,
    compression,
  });
  await producer.prepareTopics([topic]);
  for (const { key, value, timestamp, headers } of records)
    producer.append(
      topic,
      0,
      bytes(key),
      bytes(value),
      timestamp,
      headers.map(([name, text]): Headers[number] => [name, bytes(text)]),
    );
  await producer.flush();
  await producer.close();
};

const read = async (topic: string): Promise<readonly Plain[]> => {
  const found: Plain[] = [];
  const reader = new LogReader(transport, {
    onRecord: (record) => {
      const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = record;
      found.push({
        key: keyStart < 0 ? null : buffer.toString("utf8", keyStart, keyEnd),
        value: valueStart < 0 ? null : buffer.toString("utf8", valueStart, valueEnd),
        timestamp,
        headers: record
          .headers()
          .map(([name, value]): Plain["headers"][number] => [name, value && value.toString("utf8")]),
      });
    },
  });
  reader.add(topic, 0, 0);
  await expect.poll(() => found.length, { timeout: 20_000 }).toBe(records.length);
  await reader.close();
  return found;
};

const compressions: readonly Compression[] = ["none", "gzip", "snappy", "lz4", "zstd"];
const run = `${Date.now()}`;
const ours = (compression: Compression): string => `ours-${compression}-${run}`;
const theirs = (compression: Compression): string => `theirs-${compression}-${run}`;

describe.skipIf(!(await hasJvm()))("the JVM's client", () => {
  beforeAll(async () => {
    await transport.connect();
    const configs = { "retention.ms": "-1" };
    const names = compressions.flatMap((compression) => [ours(compression), theirs(compression)]);
    await transport.createTopics(names.map((topic) => ({ topic, partitions: 1, configs })));
    for (const compression of compressions) await write(ours(compression), compression);
    const topics = compressions.flatMap((compression) => [
      ours(compression),
      theirs(compression),
      compression,
    ]);
    await runJvmClient("Echo", [inject("kafka"), String(records.length), ...topics]);
  });

  test.for(compressions)("reads what is written with compression %s, and is read", async (compression) => {
    expect(await read(theirs(compression))).toEqual(records);
  });
});
