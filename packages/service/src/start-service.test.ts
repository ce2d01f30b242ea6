import { hostname } from "node:os";
import {
  count,
  groupByKey,
  long,
  mapValues,
  MillraceError,
  noHeaders,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  type Transport,
} from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterEach, expect, test } from "vitest";
import { startHealthServer } from "./health-server.ts";
import { BucketCounts } from "./metrics/bucket-counts.ts";
import { ServiceMetrics } from "./metrics/service-metrics.ts";
import type { Service } from "./service.ts";
import type { StatusAnswer } from "./status-answer.ts";
import type { TopologyAnswer } from "./topology-answer.ts";
import { type ServiceOptions, startService } from "./start-service.ts";
import { Environment } from "./settings/environment.ts";
import { serviceSettings } from "./settings/service-settings.ts";

const words = topic("words", { key: string(), value: string() });
const shown = topic("counts", { key: string(), value: string() });
const counts = topic("counts", { key: string(), value: long() });
const refuseBad = (word: string): string => {
  if (word === "bad") throw new MillraceError("it is bad", { code: "BAD_WORD" });
  return word;
};
const wordCount = topology(
  "word-count",
  stream(words).pipe(groupByKey(), count({ store: "seen" }), toStream(), to(counts)),
);

type Line = readonly [level: string, message: string, fields: Readonly<Record<string, unknown>> | undefined];

const services: Service[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
});

const start = async (
  transport: Transport,
  lines: Line[] = [],
  options: Partial<ServiceOptions> = {},
): Promise<Service> => {
  const environment = new Environment({
    KAFKA_BROKERS: "simulated:9092",
    KAFKA_SASL_MECHANISM: "plain",
    KAFKA_SASL_USERNAME: "me",
    KAFKA_SASL_PASSWORD: "hidden",
    KAFKA_SESSION_TIMEOUT_MS: "6000",
  });
  const service = await startService({
    settings: serviceSettings(environment, ["KAFKA_GROUP_ID", "word-count"]),
    log: (...line) => void lines.push(line as unknown as Line),
    topology: wordCount,
    topics: [
      { name: "words", partitions: 2 },
      { name: "counts", partitions: 2, configs: { "retention.ms": "1000" } },
    ],
    createTopics: {},
    transport,
    ...options,
  });
  services.push(service);
  return service;
};

const send = async (transport: Transport, ...values: readonly string[]): Promise<void> => {
  await transport.connect();
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics(["words"]);
  for (const value of values)
    producer.append("words", 0, Buffer.from(value), Buffer.from(value), Date.now(), noHeaders);
  await producer.flush();
  await producer.close();
};

const serve = async (service: () => Service | undefined) => {
  const metrics = new ServiceMetrics({
    process: "word-count",
    version: "1.2.3",
    applications: () => service()?.applications ?? [],
  });
  const server = await startHealthServer({
    host: "127.0.0.1",
    port: 0,
    stores: true,
    version: "1.2.3",
    metrics,
    service,
  });
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return { status: response.status, text: await response.text() };
  };
  return { get, port, metrics, close: () => server.close() };
};

test("says in one line what it starts, without secrets, and puts its application in every line", async () => {
  const lines: Line[] = [];
  await start(simulatedCluster().transport(), lines, {
    components: [{ name: "MongoDB", address: "mongo:27017", advice: "", reach: () => Promise.resolve() }],
  });
  expect(lines[0]).toEqual([
    "info",
    "starting word-count",
    {
      application: "word-count",
      group: "word-count",
      topics: ["words", "counts", "word-count.dead-letter"],
      components: { Kafka: "simulated:9092", MongoDB: "mongo:27017" },
      settings: expect.objectContaining({ sessionTimeoutMs: 6_000, guarantee: "exactly_once" }),
    },
  ]);
  expect(JSON.stringify(lines[0])).not.toContain("hidden");
  for (const [, , fields] of lines) expect(fields).toMatchObject({ application: "word-count" });
});

test("says how to create a topic that is missing, and creates it when asked to", async () => {
  const cluster = simulatedCluster();
  await expect(start(cluster.transport(), [], { createTopics: undefined })).rejects.toMatchObject({
    code: "MISSING_TOPIC",
    message: expect.stringContaining("--topic counts --partitions 2 --config retention.ms=1000"),
  });
  const transport = cluster.transport();
  await start(cluster.transport(), [], { createTopics: { partitions: 3 } });
  await transport.connect();
  const described = await transport.describeTopics(["words", "word-count.dead-letter"]);
  expect(described.get("words")?.partitions).toBe(3);
  expect(described.get("word-count.dead-letter")?.partitions).toBe(1);
});

test("closes what it opened when it can't start", async () => {
  let closed = 0;
  const component = {
    name: "MongoDB",
    address: "mongo:27017",
    advice: "check MONGODB_URI",
    reach: () => Promise.reject(new Error("down")),
  };
  await expect(
    start(simulatedCluster().transport(), [], {
      components: [component],
      close: async () => void closed++,
    }),
  ).rejects.toThrow("MongoDB at mongo:27017: down: check MONGODB_URI");
  expect(closed).toBe(1);
});

test("answers for its health from before it starts until it has stopped", async () => {
  let service: Service | undefined;
  let trouble = false;
  const { get, close } = await serve(() => service);
  expect(await get("/healthz")).toEqual({ status: 200, text: "starting\n" });
  expect(await get("/readyz")).toEqual({ status: 503, text: "starting\n" });
  expect((await get("/metrics")).text).toContain("process_cpu_seconds_total");
  service = await start(simulatedCluster().transport(), [], {
    troubles: () => (trouble ? ["MongoDB does not answer"] : []),
  });
  await expect.poll(() => get("/readyz")).toEqual({ status: 200, text: "ready\n" });
  expect(await get("/healthz?verbose")).toEqual({ status: 200, text: "running\n" });
  trouble = true;
  expect(await get("/readyz")).toEqual({ status: 503, text: "MongoDB does not answer\n" });
  expect((await get("/readyz", { method: "HEAD" })).text).toBe("");
  expect((await get("/readyz", { method: "POST" })).status).toBe(405);
  expect((await get("/")).status).toBe(404);
  await service.stop();
  expect(await get("/readyz")).toMatchObject({ status: 503, text: expect.stringContaining("is stopped") });
  close();
});

test("answers in JSON what it runs and how it is, from before it starts until it has stopped", async () => {
  const cluster = simulatedCluster();
  const transport = cluster.transport();
  let service: Service | undefined;
  let trouble = false;
  const { get, close } = await serve(() => service);
  const answer = async <T>(path: string): Promise<T> => JSON.parse((await get(path)).text) as T;
  expect(await answer<TopologyAnswer>("/topology")).toEqual({ applications: [] });
  expect(await answer<StatusAnswer>("/status")).toEqual({
    at: expect.any(Number),
    version: "1.2.3",
    process: { host: hostname(), pid: process.pid, startedAt: expect.any(Number), node: process.version },
    applications: [],
  });
  service = await start(cluster.transport(), [], {
    troubles: () => (trouble ? ["MongoDB does not answer"] : []),
  });
  expect(await answer<TopologyAnswer>("/topology")).toEqual({
    applications: [
      {
        application: "word-count",
        describe: wordCount.describe(),
        graph: JSON.parse(JSON.stringify(wordCount.graph())) as unknown,
      },
    ],
  });
  await send(transport, "a", "b");
  await expect
    .poll(async () => (await answer<StatusAnswer>("/status")).applications)
    .toEqual([
      {
        application: "word-count",
        deadLetterTopic: "word-count.dead-letter",
        state: "running",
        ready: true,
        waitsFor: [],
        failure: null,
        tasks: [0, 1].map((partition) => ({
          id: `0_${partition}`,
          subTopology: 0,
          partition,
          state: "active",
          behind: 0,
          stateLag: 0,
        })),
        lag: [0, 1].map((partition) => ({ topic: "words", partition, records: 0 })),
        restores: [],
        stores: [0, 1].map((partition) => ({
          task: `0_${partition}`,
          store: expect.any(String) as string,
          entries: expect.any(Number) as number,
        })),
      },
    ]);
  trouble = true;
  const [status] = (await answer<StatusAnswer>("/status")).applications;
  expect(status).toMatchObject({ ready: false, waitsFor: ["MongoDB does not answer"] });
  await service.stop();
  expect((await answer<StatusAnswer>("/status")).applications[0]).toMatchObject({
    state: "stopped",
    ready: false,
    waitsFor: ["word-count is stopped", "MongoDB does not answer"],
    tasks: [],
  });
  close();
});

test("says whose port is taken", async () => {
  const { port, metrics, close } = await serve(() => undefined);
  await expect(
    startHealthServer({
      host: "127.0.0.1",
      port,
      stores: true,
      version: "1",
      metrics,
      service: () => undefined,
    }),
  ).rejects.toMatchObject({
    code: "CONFIG",
    message: expect.stringMatching(
      new RegExp(`^HTTP_PORT is ${port}: 127.0.0.1:${port} is taken by another process`),
    ),
  });
  close();
});

test("tells everything that can be alerted on before it happens, labelled with the application", async () => {
  const cluster = simulatedCluster();
  const transport = cluster.transport();
  const sizes = new BucketCounts([1, 5]);
  for (const size of [0, 1, 7]) sizes.add(size);
  const service = await start(cluster.transport(), [], {
    topology: topology("word-count", stream(words).pipe(mapValues(refuseBad), to(shown))),
    handlers: { processing: () => "deadLetter" },
    deadLetterReasons: ["BAD_WORD"],
    metrics: () => [
      {
        name: "odd_total",
        kind: "counter",
        help: "Odd ones",
        values: [
          [{ kind: "a" }, 0],
          [{ kind: "b" }, 2],
        ],
      },
      { name: "sizes", kind: "histogram", help: "Sizes", values: [[{}, sizes.value]] },
    ],
  });
  const { get, close } = await serve(() => service);
  const sample = async (line: RegExp): Promise<string[]> =>
    (await get("/metrics")).text.split("\n").filter((text) => line.test(text));
  expect(await sample(/^millrace_state\{.*running/)).toEqual([expect.stringMatching(/ [01]$/)]);
  await expect
    .poll(() => sample(/^millrace_state\{/))
    .toEqual(
      ["created", "rebalancing", "running", "pendingShutdown", "stopped", "error"].map(
        (state) => `millrace_state{application="word-count",state="${state}"} ${state === "running" ? 1 : 0}`,
      ),
    );
  expect(await sample(/^millrace_dead_lettered_records_total\{/)).toEqual(
    ["DESERIALIZATION", "PROCESSING", "PRODUCTION", "BAD_WORD"].map(
      (reason) => `millrace_dead_lettered_records_total{application="word-count",reason="${reason}"} 0`,
    ),
  );
  expect(await sample(/^millrace_odd_total\{/)).toEqual([
    'millrace_odd_total{application="word-count",kind="a"} 0',
    'millrace_odd_total{application="word-count",kind="b"} 2',
  ]);
  expect(await sample(/^millrace_build_info\{/)).toEqual([
    `millrace_build_info{application="word-count",version="1.2.3",node="${process.version}"} 1`,
  ]);
  expect(await sample(/^millrace_last_commit_age_seconds/)).toEqual([]);
  await send(transport, "bad");
  await expect
    .poll(() => sample(/^millrace_dead_lettered_records_total\{.*BAD_WORD/))
    .toEqual(['millrace_dead_lettered_records_total{application="word-count",reason="BAD_WORD"} 1']);
  await expect
    .poll(() => sample(/^millrace_commit_duration_seconds_count/))
    .toEqual([
      expect.stringMatching(/^millrace_commit_duration_seconds_count\{application="word-count"\} [1-9]\d*$/),
    ]);
  expect(await sample(/^millrace_commit_duration_seconds_bucket\{.*\+Inf/)).toEqual([
    expect.stringMatching(/le="\+Inf"/),
  ]);
  expect(await sample(/^millrace_last_commit_age_seconds\{application="word-count"\} /)).toHaveLength(1);
  expect(
    await sample(
      /^millrace_lag_records\{application="word-count",topic="words",partition="\d",task="0_\d"\} 0$/,
    ),
  ).toHaveLength(2);
  expect(await sample(/^millrace_dropped_records_total\{/)).toEqual(
    ["null_key", "null_repartition_key", "negative_timestamp", "no_partition", "handler"].map(
      (reason) =>
        `millrace_dropped_records_total{application="word-count",reason="${reason}",sub_topology="0"} 0`,
    ),
  );
  expect(await sample(/^millrace_sizes_/)).toEqual([
    'millrace_sizes_bucket{application="word-count",le="1"} 2',
    'millrace_sizes_bucket{application="word-count",le="5"} 2',
    'millrace_sizes_bucket{application="word-count",le="+Inf"} 3',
    'millrace_sizes_sum{application="word-count"} 8',
    'millrace_sizes_count{application="word-count"} 3',
  ]);
  for (const line of await sample(/^[a-z]/)) expect(line).toContain('application="word-count"');
  close();
});
