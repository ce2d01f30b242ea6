import { request } from "node:http";
import {
  count,
  groupByKey,
  hours,
  long,
  partitionForKey,
  reduce,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  type Transport,
  windowed,
  windowedBy,
} from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startHealthServer } from "../health-server.ts";
import { ServiceMetrics } from "../metrics/service-metrics.ts";
import type { Service } from "../service.ts";
import { Environment } from "../settings/environment.ts";
import { serviceSettings } from "../settings/service-settings.ts";
import { startService } from "../start-service.ts";
import type { RowsAnswer } from "./rows-answer.ts";
import type { StoresAnswer } from "./stores-answer.ts";

const words = topic("words", { key: string(), value: string() });
const hour = 3_600_000;
const counting = topology(
  "counting",
  stream(words).pipe(
    groupByKey(),
    count({ store: "seen" }),
    toStream(),
    to(topic("counts", { key: string(), value: long() })),
  ),
  stream(words).pipe(
    groupByKey(),
    windowedBy(tumbling(hours(1), { grace: hours(24) })),
    reduce({ store: "latest", add: (_, next) => next }),
    toStream(),
    to(topic("latest", { key: windowed(string(), hour), value: string() })),
  ),
);

const cluster = simulatedCluster();
let service: Service | undefined;
let url = "";
const closers: (() => unknown)[] = [() => cluster.close()];

const send = async (transport: Transport): Promise<void> => {
  await transport.connect();
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics(["words"]);
  for (const [n, key] of ["court", "hall-1", "hall-2", "hall-1", "studio"].entries())
    producer.append(
      "words",
      partitionForKey(Buffer.from(key), 2),
      Buffer.from(key),
      Buffer.from(`v${n}`),
      n * hour,
      [],
    );
  await producer.flush();
  await producer.close();
};

const serve = async (stores: boolean): Promise<string> => {
  const metrics = new ServiceMetrics({ process: "counting", version: "1", applications: () => [] });
  const server = await startHealthServer({
    host: "127.0.0.1",
    port: 0,
    stores,
    version: "1",
    metrics,
    service: () => service,
  });
  closers.push(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
};

const rows = async (path: string): Promise<RowsAnswer> => {
  const response = await fetch(`${url}/stores/counting/${path}`);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text) as RowsAnswer;
};
const keys = async (path: string): Promise<readonly unknown[]> =>
  (await rows(path)).rows.map(({ key }) => key);
const refusal = async (path: string, of = url): Promise<string> => {
  const response = await fetch(`${of}/stores/${path}`);
  return `${response.status} ${(await response.text()).trim()}`;
};

beforeAll(async () => {
  service = await startService({
    settings: serviceSettings(new Environment({ KAFKA_BROKERS: "simulated:9092" }), [
      "KAFKA_GROUP_ID",
      "counting",
    ]),
    log: () => undefined,
    topology: counting,
    topics: ["words", "counts", "latest"].map((name) => ({ name, partitions: 2 })),
    createTopics: {},
    transport: cluster.transport(),
  });
  closers.unshift(() => service?.stop());
  url = await serve(true);
  await send(cluster.transport());
  await vi.waitFor(
    async () => {
      const { rows: seen } = (await (await fetch(`${url}/stores/counting/seen`)).json()) as RowsAnswer;
      if (seen.length < 4) throw new Error(`it has counted ${seen.length} of 4 words`);
    },
    { timeout: 30_000, interval: 50 },
  );
}, 60_000);
afterAll(async () => {
  for (const close of closers) await close();
});

test("tells which stores there are, with their partitions and how many rows they have", async () => {
  const { applications } = (await (await fetch(`${url}/stores`)).json()) as StoresAnswer;
  expect(applications).toEqual([
    {
      application: "counting",
      stores: [
        { name: "seen", kind: "keyValue", subTopology: 0, partitions: [0, 1], entries: 4 },
        { name: "latest", kind: "window", subTopology: 0, partitions: [0, 1], entries: 5 },
      ],
    },
  ]);
});

test("answers rows in the order of their keys, as many as are asked for", async () => {
  expect(await keys("seen?limit=10")).toEqual(["court", "hall-1", "hall-2", "studio"]);
  expect(await rows("seen?limit=2")).toMatchObject({ more: true, rows: [{ key: "court", value: 1 }, {}] });
  expect(await keys("seen?reverse=true&limit=1")).toEqual(["studio"]);
});

test("finds a key, a prefix, a range", async () => {
  expect(await keys("seen?key=hall-2")).toEqual(["hall-2"]);
  expect(await keys("seen?key=nobody")).toEqual([]);
  expect(await keys("seen?prefix=hall")).toEqual(["hall-1", "hall-2"]);
  expect(await keys("seen?prefix=0x73")).toEqual(["studio"]);
  expect(await keys("seen?prefix=hall&reverse=true")).toEqual(["hall-2", "hall-1"]);
  expect(await rows("seen?prefix=hall&reverse=true&limit=1")).toMatchObject({
    rows: [{ key: "hall-2" }],
    more: true,
  });
  expect(await keys("seen?from=hall-2&to=z")).toEqual(["hall-2", "studio"]);
  expect(await keys("seen?from=hall-2&reverse=true")).toEqual(["studio", "hall-2"]);
});

test("reads windows by time and key, the last first where that is asked for", async () => {
  expect((await rows("latest?reverse=true&limit=1")).rows).toEqual([
    { key: "studio", start: 4 * hour, value: "v4", timestamp: 4 * hour },
  ]);
  expect(await keys(`latest?after=${hour}&before=1970-01-01T02:00:00Z`)).toEqual(["hall-1", "hall-2"]);
  expect((await rows("latest?key=hall-1&reverse=true")).rows.map(({ start }) => start)).toEqual([
    3 * hour,
    hour,
  ]);
});

test("says what is wrong with a question", async () => {
  expect(await refusal("counting/seen?limit=0")).toMatch(
    /^400 "limit" is "0"; it must be a whole number from 1/,
  );
  expect(await refusal("counting/latest?after=soon")).toMatch(/^400 "after" is "soon"; it must be ms/);
  expect(await refusal("counting/seen?reverse=1")).toMatch(/^400 "reverse" is "1"; it must be true or false/);
  expect(await refusal("counting/seen?where=x")).toMatch(
    /^400 "where" is no parameter; there is key, prefix/,
  );
  expect(await refusal("counting/latest?after=2026-03-02T10:00")).toMatch(
    /^400 "after" .*2026-03-02T10:00:00Z/,
  );
  expect(await refusal("counting/latest?after=2&before=1")).toMatch(/^400 "before" is "1", .* earlier/);
  expect(await refusal("counting/nothing")).toBe('404 "counting" has no store "nothing"');
  expect(await refusal("others/seen")).toBe('404 no application "others" runs in this process');
  expect(await refusal("counting/%")).toMatch(/^400 /);
});

test("refuses a question of which a part would go unanswered", async () => {
  expect(await refusal("counting/seen?key=court&prefix=hall")).toMatch(
    /^400 "prefix" can't be asked together/,
  );
  expect(await refusal("counting/seen?from=a&to=b&key=court")).toMatch(/^400 "from" can't be .* with "key"$/);
  expect(await refusal("counting/seen?limit=1&limit=2")).toMatch(/^400 "limit" is given more than once/);
  expect(await refusal("counting/seen?after=1")).toMatch(/^400 "after" is no question .* knows no times$/);
  expect(await refusal("counting/latest?prefix=hall")).toMatch(/^400 "prefix" is no question .* or by time$/);
});

test("a request that is none is a wrong request", async () => {
  // As it stands behind the method: fetch would mend it.
  const status = await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const asked = request({ hostname, port, path: "//" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once("error", reject).end();
  });
  expect(status).toBe(400);
});

test("shows no rows where that is not asked for, nor to pages whose host was made to lead here", async () => {
  const closed = await serve(false);
  expect(await refusal("counting/seen", closed)).toMatch(/^403 .* HTTP_STORES=true shows it$/);
  expect((await fetch(`${closed}/stores`)).status).toBe(200);
  const status = await new Promise((resolve, reject) => {
    const asked = request(
      `${url}/stores/counting/seen`,
      { headers: { host: "rebound.example" } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    asked.once("error", reject).end();
  });
  expect(status).toBe(403);
});
