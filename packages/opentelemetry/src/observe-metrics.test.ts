import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { createApp, noHeaders, stream, string, to, topic, topology } from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { observeMetrics } from "./observe-metrics.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });

test("an SDK reads every metric with its tags, until it is ended", async () => {
  const cluster = simulatedCluster();
  for (const name of ["in", "out"]) cluster.createTopic({ topic: name, partitions: 1, configs: {} });
  const app = createApp(topology("copy", stream(input).pipe(to(output))), {
    transport: cluster.transport(),
    log: () => undefined,
  });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const read = async (): Promise<readonly MetricData[]> => {
    exporter.reset();
    await reader.forceFlush();
    return exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  };
  const end = observeMetrics(app, provider.getMeter("test"));
  await app.start();
  const client = cluster.transport();
  await client.connect();
  const producer = await client.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics(["in"]);
  const send = async (value: string): Promise<void> => {
    producer.append("in", 0, Buffer.from("k"), Buffer.from(value), Date.now(), noHeaders);
    await producer.flush();
  };
  await send("v");
  await expect.poll(() => app.metrics.commits).toBeGreaterThan(0);

  const processed = async (): Promise<unknown> =>
    (await read()).find(({ descriptor }) => descriptor.name === "millrace.processed.records")?.dataPoints[0]
      ?.value;
  const metrics = await read();
  const points = (name: string) =>
    metrics
      .find(({ descriptor }) => descriptor.name === name)
      ?.dataPoints.map(({ attributes, value }) => ({ attributes, value }));
  expect(points("millrace.processed.records")).toEqual([
    { attributes: { application: "copy", task: "0_0", sub_topology: "0" }, value: 1 },
  ]);
  expect(points("millrace.state")).toContainEqual({
    attributes: { application: "copy", state: "running" },
    value: 1,
  });
  expect(points("millrace.commit_duration.count")).toEqual([
    { attributes: { application: "copy" }, value: app.metrics.commits },
  ]);
  expect(points("millrace.commit_duration.bucket")).toContainEqual({
    attributes: { application: "copy", le: "65.536" },
    value: app.metrics.commits,
  });
  expect(
    metrics.find(({ descriptor }) => descriptor.name === "millrace.commit_duration.sum")?.descriptor.unit,
  ).toBe("s");
  expect(metrics.find(({ descriptor }) => descriptor.name === "millrace.sent.bytes")?.descriptor.unit).toBe(
    "By",
  );
  const known = app.metrics.collect().filter(({ points: some }) => some.length > 0);
  for (const { name, unit, kind } of known) {
    const own = unit === "records" || unit === "bytes" ? `millrace.${name}.${unit}` : `millrace.${name}`;
    expect(points(kind === "histogram" ? `${own}.count` : own), own).toBeDefined();
  }

  end();
  const before = app.metrics.commits;
  await send("w");
  await expect.poll(() => app.metrics.commits).toBeGreaterThan(before);
  // As it was when it was told last.
  expect(await processed()).toBe(1);
  await app.stop();
  await client.close();
  await provider.shutdown();
});
