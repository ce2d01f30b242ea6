import { randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import {
  type App,
  type AppOptions,
  count,
  createApp,
  groupByKey,
  kafka,
  long,
  noHeaders,
  partitionForKey,
  selectKey,
  stream,
  string,
  systemClock,
  to,
  type Topology,
  topic,
  topology,
  toStream,
  type Transport,
} from "../../index.ts";
import { readLog } from "../topics/read-log.ts";

const partitions = 4;
const keys = 20;

const connect = (): Transport => kafka({ brokers: [inject("kafka")] });

/** Words in, through a repartition topic, counts out. */
const wordCount = (id: string): Topology =>
  topology(
    id,
    stream(topic(`${id}-words`, { key: string(), value: string() })).pipe(
      selectKey((word) => word, { key: string() }),
      groupByKey(),
      count({ store: "counts" }),
      toStream(),
      to(topic(`${id}-counts`, { key: string(), value: long() })),
    ),
  );

class WordCountBench {
  readonly id: string;
  readonly transport: Transport;
  readonly #apps: App[] = [];

  private constructor(id: string, transport: Transport) {
    this.id = id;
    this.transport = transport;
  }

  static async open(): Promise<WordCountBench> {
    const id = `words-${randomUUID()}`;
    const transport = connect();
    await transport.connect();
    await transport.createTopics(
      [`${id}-words`, `${id}-counts`].map((name) => ({
        topic: name,
        partitions,
        configs: { "retention.ms": "-1" },
      })),
    );
    return new WordCountBench(id, transport);
  }

  async app(options: Partial<AppOptions> = {}): Promise<App> {
    const app = createApp(wordCount(this.id), {
      transport: connect(),
      sessionTimeoutMs: 6_000,
      heartbeatIntervalMs: 300,
      ...options,
    });
    this.#apps.push(app);
    await app.start();
    return app;
  }

  /** Sends each word so many times, in turn. */
  async send(times: number): Promise<void> {
    const producer = await this.transport.createProducer({
      transactionTimeoutMs: 10_000,
      compression: "none",
    });
    const words = `${this.id}-words`;
    await producer.prepareTopics([words]);
    for (let n = 0; n < times * keys; n++) {
      const key = Buffer.from(String(n));
      producer.append(
        words,
        partitionForKey(key, partitions),
        key,
        Buffer.from(`w${n % keys}`),
        n,
        noHeaders,
      );
    }
    await producer.flush();
    await producer.close();
  }

  /** The committed counts, each as often as it was written, by word. */
  async counts(): Promise<ReadonlyMap<string, readonly number[]>> {
    const name = `${this.id}-counts`;
    const every = Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition }));
    const counts = new Map<string, number[]>();
    for (const { partition, offset } of await this.transport.listOffsets(every, "latest", true))
      await readLog(
        this.transport,
        systemClock,
        partition,
        0,
        offset,
        ({ buffer, keyStart, keyEnd, valueStart }) => {
          const word = buffer.toString("utf8", keyStart, keyEnd);
          const seen = counts.get(word) ?? [];
          seen.push(Number(buffer.readBigInt64BE(valueStart)));
          counts.set(word, seen);
          return true;
        },
      );
    return counts;
  }

  /** Waits until every word has been counted so often. */
  async counted(times: number): Promise<ReadonlyMap<string, readonly number[]>> {
    for (const giveUp = Date.now() + 30_000; ;) {
      const counts = await this.counts();
      if (counts.size === keys && [...counts.values()].every((seen) => seen.at(-1) === times)) return counts;
      if (Date.now() > giveUp) throw new Error(`not all are ${times}: ${JSON.stringify([...counts])}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.stop()));
    await this.transport.close();
  }
}

const ascending = (values: readonly number[]): boolean =>
  values.every((value, at) => at === 0 || value > (values[at - 1] ?? 0));

test.for(["exactly_once", "at_least_once"] as const)(
  "counts on from its changelog after a restart, %s",
  async (guarantee) => {
    const bench = await WordCountBench.open();
    try {
      const options = { guarantee, commitIntervalMs: 100 };
      const first = await bench.app(options);
      await bench.send(50);
      await bench.counted(50);
      await first.stop();
      expect(first.state).toBe("stopped");
      const second = await bench.app(options);
      await bench.send(30);
      const counts = await bench.counted(80);
      expect(second.metrics.restored).toBeGreaterThan(0);
      for (const [word, seen] of counts) expect(ascending(seen), `${word}: ${seen.join()}`).toBe(true);
    } finally {
      await bench.close();
    }
  },
);

test("members share the tasks, and take over from one that leaves", async () => {
  const bench = await WordCountBench.open();
  try {
    const first = await bench.app();
    await bench.send(20);
    const second = await bench.app();
    await bench.send(20);
    await bench.counted(40);
    await expect.poll(() => second.tasks.active.length, { timeout: 10_000 }).toBe(partitions);
    expect(first.tasks.active.length).toBe(partitions);
    expect(new Set([...first.tasks.active, ...second.tasks.active]).size).toBe(2 * partitions);
    await first.stop();
    await bench.send(20);
    const counts = await bench.counted(60);
    expect(second.tasks.active.length).toBe(2 * partitions);
    for (const [word, seen] of counts) expect(ascending(seen), `${word}: ${seen.join()}`).toBe(true);
  } finally {
    await bench.close();
  }
});

test("a static member that comes back in time causes no rebalance", async () => {
  const bench = await WordCountBench.open();
  try {
    const steady = await bench.app({ instanceId: "steady" });
    const restarted = await bench.app({ instanceId: "restarted" });
    await bench.send(10);
    await bench.counted(10);
    await expect.poll(() => restarted.tasks.active.length, { timeout: 10_000 }).toBe(partitions);
    const before = steady.metrics.rebalances;
    await restarted.stop();
    const again = await bench.app({ instanceId: "restarted" });
    await bench.send(10);
    await bench.counted(20);
    await expect.poll(() => again.tasks.active.length, { timeout: 10_000 }).toBe(partitions);
    expect(steady.metrics.rebalances).toBe(before);
  } finally {
    await bench.close();
  }
});

test.for(["exactly_once", "at_least_once"] as const)(
  "commits the epoch of the leader that each record came from, %s",
  async (guarantee) => {
    const bench = await WordCountBench.open();
    try {
      await bench.app({ guarantee, commitIntervalMs: 100 });
      await bench.send(10);
      await bench.counted(10);
      const words = Array.from({ length: partitions }, (_, partition) => ({
        topic: `${bench.id}-words`,
        partition,
      }));
      const offsets = await bench.transport.groupCoordinator(bench.id).fetchOffsets(words);
      expect(offsets.every(({ offset }) => offset > 0)).toBe(true);
      expect(offsets.map(({ leaderEpoch }) => leaderEpoch)).toEqual(words.map(() => 0));
    } finally {
      await bench.close();
    }
  },
);

test("purges what it has committed from its repartition topic", { timeout: 60_000 }, async () => {
  const bench = await WordCountBench.open();
  try {
    const name = `${bench.id}-counts-repartition`;
    await bench.app({ repartitionPurgeIntervalMs: 200 });
    await bench.send(20);
    await bench.counted(20);
    await bench.send(20);
    await bench.counted(40);
    const every = Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition }));
    await expect
      .poll(
        async () =>
          (await bench.transport.listOffsets(every, "earliest", true)).reduce(
            (sum, { offset }) => sum + offset,
            0,
          ),
        { timeout: 10_000 },
      )
      .toBeGreaterThan(0);
  } finally {
    await bench.close();
  }
});

test("refuses internal topics with another number of partitions than the source topic has", async () => {
  const bench = await WordCountBench.open();
  try {
    await bench.transport.createTopics([
      { topic: `${bench.id}-counts-changelog`, partitions: 3, configs: { "cleanup.policy": "compact" } },
    ]);
    await expect(bench.app()).rejects.toThrow(
      /counts-changelog" has 3 partitions, but this topology needs 4/,
    );
  } finally {
    await bench.transport.close();
  }
});
