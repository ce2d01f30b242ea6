import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts } from "@millrace/devstack";
import { noHeaders } from "@millrace/streams";
import type { BookingEvent } from "@millrace/venue";
import { MongoClient } from "mongodb";
import { expect, inject, test } from "vitest";
import { dashboards, observability } from "./dashboards.ts";
import { mongoUriOf } from "./mongo-uri.ts";
import { PrometheusServer } from "./prometheus-server.ts";
import { noPrometheus } from "./prometheus-tools.ts";
import { serviceMetric } from "./service-metrics.ts";
import { ServiceProcess } from "./service-process.ts";
import { openVenue, until, type VenueClient } from "./venue-client.ts";

const hour = 3_600_000;

const booking = (eventId: string, timestamp: number): BookingEvent => ({
  eventId,
  action: "CREATED",
  timestamp,
  subLocationId: "studio",
  locationId: null,
  eventName: "Concert",
  startDate: timestamp,
  endDate: timestamp + hour,
  attendees: 10,
  capacityDelta: null,
  previousAttendees: null,
});

const surgeConfig = (name: string, params: Readonly<Record<string, number>>) => ({
  name,
  isActive: true,
  appliesTo: { level: "SUBLOCATION", entityId: "studio" },
  effectiveFrom: null,
  effectiveTo: null,
  timeWindows: [],
  priority: 5,
  demandSupplyParams: params,
  surgeParams: { alpha: 0.3, minMultiplier: 0.75, maxMultiplier: 1.8, emaAlpha: 0.3 },
});

/** The configuration that is provisioned, for one service of this machine, and with less patience. */
const configFor = (port: number): string =>
  readFileSync(new URL("prometheus.yml", observability), "utf8")
    .replaceAll(": 5s", ": 1s")
    .replace('"demand:8080", "surge:8080"', `"127.0.0.1:${port}"`)
    .replace('"alerts.yml"', JSON.stringify(fileURLToPath(new URL("alerts.yml", observability))));

const sendBytes = async ({ transport, bookingEvents }: VenueClient, value: Uint8Array): Promise<void> => {
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([bookingEvents]);
  producer.append(bookingEvents, 0, Buffer.from("studio"), value, Date.now(), noHeaders);
  await producer.flush();
  await producer.close();
};

/** Queries of panels that have no value since then, with all applications chosen, or one. */
const emptyPanels = async (
  prometheus: PrometheusServer,
  fromMs: number,
  shown = dashboards,
  application = ".*",
): Promise<readonly string[]> => {
  const empty: string[] = [];
  for (const { panels } of shown)
    for (const { title, targets = [] } of panels)
      for (const { expr } of targets) {
        const expression = expr.replaceAll("$application", application).replaceAll("$__rate_interval", "10s");
        const series = await prometheus.query(expression, fromMs);
        const drawn = series.some(({ values }) => values.some(([, value]) => Number.isFinite(Number(value))));
        if (!drawn) empty.push(`${title}: ${expression}`);
      }
  return empty;
};

test("every panel of both dashboards shows something of a real run, and the alerts fire that should", async (context) => {
  const why = noPrometheus() ?? (inject("mongo") === "" ? "there is no MongoDB" : undefined);
  if (why !== undefined) context.skip(why);
  const began = Date.now();
  const [port = 0, prometheusPort = 0] = await freePorts(2);
  const venue = await openVenue(inject("kafka"), inject("registry"), "dashboards", 2);
  const client = await new MongoClient(inject("mongo")).connect();
  const database = client.db(`dashboards-${began}`);
  await database.collection("sublocations").insertOne({ _id: "studio" as never, capacity: 100 });
  await database
    .collection("surge_configs")
    .insertMany([
      surgeConfig("seed", { currentSupply: 10, historicalAvgPressure: 1.2 }),
      surgeConfig("no supply", { currentSupply: 0 }),
    ]);
  const stateDir = mkdtempSync(join(tmpdir(), "millrace-dashboards-"));
  const service = new ServiceProcess("venue-service", {
    ...venue.environment,
    STATE_DIR: stateDir,
    KAFKA_GROUP_ID_UPDATER: `dashboards-surge-${began}`,
    MONGODB_URI: mongoUriOf(inject("mongo"), database.databaseName),
    HTTP_PORT: String(port),
  });
  const prometheus = await PrometheusServer.start(configFor(port), prometheusPort);
  const state = (): string => `${service.output}\n${prometheus.output}`;
  const counted = async (name: string): Promise<number> => (await serviceMetric(port, name)) ?? 0;
  try {
    // Two of demand, four of surge. Seen from 0 first: what grows after that can be alerted on.
    await until(
      async () =>
        (await prometheus.query('sum(millrace_tasks{state="active"})', began)).some(({ values }) =>
          values.some(([, value]) => Number(value) === 6),
        ),
      state,
      60_000,
    );
    const start = (Math.floor(began / hour) - 3) * hour;
    for (let at = 0; at < 15; at++) await venue.publisher.publish(booking(`early-${at}`, start + at));
    await sendBytes(venue, Buffer.from("no booking"));
    await until(async () => (await counted("surge_drafts_total")) > 0, state, 60_000);
    // So that rates have two points, and quantiles a second bucket.
    for (let at = 0; at < 5; at++) await venue.publisher.publish(booking(`next-${at}`, start + hour + at));
    const drafts = await counted("surge_drafts_total");
    await until(async () => (await counted("surge_drafts_total")) > drafts, state, 60_000);
    const firing = async (): Promise<readonly string[]> =>
      (await prometheus.alerts())
        .filter((alert) => alert.state === "firing")
        .map(({ labels }) => labels["alertname"] ?? "");
    await until(
      async () => {
        const names = await firing();
        return names.includes("MillraceDeadLetters") && names.includes("VenueConfigsUnusable");
      },
      state,
      30_000,
    );
    expect(new Set(await firing())).toEqual(new Set(["MillraceDeadLetters", "VenueConfigsUnusable"]));

    // Hours close after a quiet while, and what has grown is seen with the next looks.
    let empty: readonly string[] = [];
    await until(
      async () => {
        empty = await emptyPanels(prometheus, began);
        return empty.length === 0;
      },
      () => `these show nothing: ${empty.join("; ")}\n${state()}`,
      30_000,
    );
    // Whose process has another name where it runs several.
    const chosen = venue.environment["KAFKA_GROUP_ID_AGGREGATOR"];
    expect(await emptyPanels(prometheus, began, dashboards.slice(0, 1), chosen)).toEqual([]);
    service.kill("SIGTERM");
    expect(await service.exit(), service.output).toBe(0);
  } finally {
    service.kill("SIGKILL");
    await prometheus.stop();
    await database.dropDatabase();
    await client.close();
    await venue.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
});
