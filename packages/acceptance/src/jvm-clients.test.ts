import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cached, hasJvm, LogReader, maven } from "@millrace/devstack";
import { type Compression, type Headers, kafka } from "@millrace/streams";
import { afterAll, expect, inject, test } from "vitest";

const run = promisify(execFile);

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

/** The JVM's client, in the version of the broker that the tests run on. */
const echo = async (from: string, to: string, compression: Compression): Promise<void> => {
  const folder = await cached("kafka-clients-4.4.0", async (into) => {
    await copyFile(new URL("../jvm/clients.pom.xml", import.meta.url), join(into, "pom.xml"));
    await maven(into, "dependency:copy-dependencies", "-DoutputDirectory=libs");
  });
  const program = fileURLToPath(new URL("../jvm/Echo.java", import.meta.url));
  const args = [inject("kafka"), from, to, compression, String(records.length)];
  await run("java", ["-cp", `${folder}/libs/*`, program, ...args], { timeout: 60_000 });
};

test.skipIf(!(await hasJvm())).for<Compression>(["none", "gzip", "snappy", "lz4", "zstd"])(
  "the JVM's client reads what is written with compression %s, and is read",
  async (compression) => {
    await transport.connect();
    const ours = `ours-${compression}-${Date.now()}`;
    const theirs = `theirs-${compression}-${Date.now()}`;
    const configs = { "retention.ms": "-1" };
    await transport.createTopics([ours, theirs].map((topic) => ({ topic, partitions: 1, configs })));
    await write(ours, compression);
    await echo(ours, theirs, compression);
    expect(await read(theirs)).toEqual(records);
  },
);
