import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import {
  type App,
  count,
  createApp,
  groupBy,
  type Headers,
  long,
  mapAsync,
  mapValues,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
  toStream,
} from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { sampledContext, withContext } from "./trace-context.ts";
import { traceRecords } from "./trace-records.ts";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer("test");
beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));

const traceId = "0af7651916cd43dd8448eb211c80319c";
const sampled: Headers = [
  ["other", Buffer.from("kept")],
  ["traceparent", Buffer.from(`00-${traceId}-b7ad6b7169203331-01`)],
  ["tracestate", Buffer.from("vendor=1")],
];
const unsampled: Headers = [["traceparent", Buffer.from(`00-${traceId}-b7ad6b7169203331-00`)]];

const cluster = simulatedCluster();
const client = cluster.transport();
let app: App | undefined;
afterEach(async () => {
  await app?.stop();
  exporter.reset();
});
afterAll(() => cluster.close());

const text = { key: string(), value: string() };
let run = 0;

/** Runs a topology from `in` to `out`, and gives it one record. */
const start = async (
  build: (input: string, output: string) => Topology,
  headers: Headers,
  deadLetterTopic?: string,
): Promise<string> => {
  const [input, output] = [`in-${++run}`, `out-${run}`];
  for (const name of [input, output, ...(deadLetterTopic === undefined ? [] : [deadLetterTopic])])
    cluster.createTopic({ topic: name, partitions: 1, configs: {} });
  app = createApp(build(input, output), {
    transport: cluster.transport(),
    tracer: traceRecords(tracer),
    commitIntervalMs: 10,
    log: () => undefined,
    ...(deadLetterTopic !== undefined && { deadLetterTopic, handlers: { processing: () => "deadLetter" } }),
  });
  await app.start();
  const producer = await client.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([input]);
  producer.append(input, 0, Buffer.from("k"), Buffer.from("v"), 1_000, headers);
  await producer.flush();
  await producer.close();
  return output;
};

const headersIn = async (name: string): Promise<Headers> => {
  const fetcher = client.createFetcher({
    readCommitted: true,
    maxWaitMs: 50,
    maxBytesPerPartition: 1 << 20,
    maxBytes: 1 << 20,
    maxBufferedBytesPerPartition: 1 << 20,
    maxBufferedBytes: 1 << 20,
    onAvailable: () => undefined,
  });
  fetcher.add(name, 0, 0);
  try {
    return await vi.waitFor(
      () => {
        const records = fetcher.take(name, 0)?.records;
        if (records?.advance() !== true) throw new Error(`nothing in ${name}`);
        return records.headers();
      },
      { timeout: 30_000 },
    );
  } finally {
    await fetcher.close();
  }
};

const headerText = (headers: Headers): Readonly<Record<string, string>> =>
  Object.fromEntries(headers.map(([name, value]) => [name, String(value)]));

const span = (name: string): ReadableSpan => {
  const found = exporter.getFinishedSpans().filter((one) => one.name === name);
  expect(found, `spans ${name}`).toHaveLength(1);
  return found[0] as ReadableSpan;
};

test("a record goes on in its trace: through operators, a repartition topic and a store, to a sink", async () => {
  const output = await start(
    (from, into) =>
      topology(
        `traced-${run}`,
        stream(topic(from, text)).pipe(
          mapValues((value) => value.toUpperCase(), { value: string() }),
          groupBy((value) => value, { key: string(), name: "by-value" }),
          count({ store: "counts" }),
          toStream(),
          to(topic(into, { key: string(), value: long() })),
        ),
      ),
    sampled,
  );
  const last = headerText(await headersIn(output));
  const between = `traced-${run}-by-value-repartition`;
  const [first, sent, second, sink] = [
    span(`process in-${run}`),
    span(`send ${between}`),
    span(`process ${between}`),
    span(`send ${output}`),
  ];
  const parents = [first, sent, second, sink].map(({ parentSpanContext }) => parentSpanContext?.spanId);
  expect(parents).toEqual([
    "b7ad6b7169203331",
    first.spanContext().spanId,
    sent.spanContext().spanId,
    second.spanContext().spanId,
  ]);
  for (const one of [first, sent, second, sink]) expect(one.spanContext().traceId).toBe(traceId);
  expect(first.kind).toBe(SpanKind.CONSUMER);
  expect(sink.kind).toBe(SpanKind.PRODUCER);
  expect(first.attributes).toEqual({
    "messaging.system": "kafka",
    "messaging.operation.name": "process",
    "messaging.operation.type": "process",
    "messaging.destination.name": `in-${run}`,
    "messaging.destination.partition.id": "0",
    "messaging.kafka.offset": 0,
    "messaging.consumer.group.name": `traced-${run}`,
    "millrace.task": "0_0",
  });
  expect(last).toEqual({
    other: "kept",
    traceparent: `00-${traceId}-${sink.spanContext().spanId}-01`,
    tracestate: "vendor=1",
  });
});

test("calls of mapAsync are made in their record's trace, and its span ends after them", async () => {
  let within: string | undefined;
  const output = await start(
    (from, into) =>
      topology(
        `calling-${run}`,
        stream(topic(from, text)).pipe(
          mapAsync(
            async (value) => {
              await new Promise((resolve) => void setTimeout(resolve, 5));
              within = trace.getActiveSpan()?.spanContext().spanId;
              return value;
            },
            { concurrency: 2, name: "look-up" },
          ),
          to(topic(into, text)),
        ),
      ),
    sampled,
  );
  await headersIn(output);
  const [process, call, sink] = [span(`process in-${run}`), span("look-up"), span(`send ${output}`)];
  expect(within).toBe(call.spanContext().spanId);
  expect(call.parentSpanContext?.spanId).toBe(process.spanContext().spanId);
  expect(sink.parentSpanContext?.spanId).toBe(process.spanContext().spanId);
  const ended = exporter.getFinishedSpans();
  expect(ended.indexOf(process)).toBeGreaterThan(ended.indexOf(call));
});

const thrown = (): never => {
  throw new RangeError("too much");
};

test.each(["an operator", "mapAsync"])("what %s throws stands on the spans of its record", async (where) => {
  await start(
    (from, into) => {
      const input = stream(topic(from, text));
      const broken =
        where === "mapAsync"
          ? input.pipe(
              mapAsync(() => Promise.reject(new RangeError("too much")), { concurrency: 1, value: string() }),
            )
          : input.pipe(mapValues((): string => thrown()));
      return topology(`broken-${run}`, broken.pipe(to(topic(into, text))));
    },
    sampled,
    `dead-${run + 1}`,
  );
  const dead = headerText(await headersIn(`dead-${run}`));
  // The dead letter is the record as it came.
  expect(dead["traceparent"]).toBe(headerText(sampled)["traceparent"]);
  for (const name of [`process in-${run}`, ...(where === "mapAsync" ? ["mapAsync"] : [])]) {
    const { status, attributes, events } = span(name);
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: "too much" });
    expect(attributes["error.type"]).toBe("RangeError");
    expect(events.map((event) => event.name)).toEqual(["exception"]);
  }
});

test.each([
  ["of an unsampled trace", unsampled],
  ["with other headers", [["other", Buffer.from("kept")]] as Headers],
  ["with a broken context", [["traceparent", Buffer.from("00-xyz-01")]] as Headers],
])("a record %s has no spans, and keeps its headers", async (_, headers) => {
  const output = await start(
    (from, into) => topology(`plain-${run}`, stream(topic(from, text)).pipe(to(topic(into, text)))),
    headers,
  );
  expect(await headersIn(output)).toEqual(headers);
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test.each([
  [`00-${traceId}-b7ad6b7169203331-01`, true],
  [`00-${traceId}-b7ad6b7169203331-03`, true],
  [`01-${traceId}-b7ad6b7169203331-01-later`, true],
  [`ff-${traceId}-b7ad6b7169203331-01`, false],
  [`00-${"0".repeat(32)}-b7ad6b7169203331-01`, false],
  [`00-${traceId}-${"0".repeat(16)}-01`, false],
  [`00-${traceId.toUpperCase()}-b7ad6b7169203331-01`, false],
  ["", false],
])("traceparent %j is taken: %j", (said, taken) => {
  expect(sampledContext([["traceparent", Buffer.from(said)]]) !== undefined).toBe(taken);
});

test("a context that is written is the only one, and is read again", () => {
  const read = sampledContext(sampled);
  if (read === undefined) throw new Error("it is sampled");
  const twice = withContext([...sampled, ...sampled], read);
  expect(twice.filter(([name]) => name === "traceparent")).toHaveLength(1);
  expect(sampledContext(twice)).toMatchObject({ traceId, spanId: "b7ad6b7169203331", traceFlags: 1 });
});
