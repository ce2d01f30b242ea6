// `npm start`: bookings in, hourly demand, surge decisions and draft ratesheets out, on whatever Kafka, registry and
// MongoDB are to be had. `--once` ends by itself, with exit code 0 if what came out follows from what went in.
import { parseArgs } from "node:util";
import { schemaRegistry } from "@millrace/avro";
import { type Log, noHeaders, partitionForKey } from "@millrace/streams";
import {
  bookingEventsTopic,
  createBookingPublisher,
  type DemandHourly,
  demandHourlyTopic,
  type BookingEvent,
} from "@millrace/venue";
import { type Service, serviceLog } from "@millrace/service";
import { startVenue, venueSettings } from "@millrace/venue-service";
import { demoBookings } from "./bookings.ts";
import { checkDemand } from "./check-demand.ts";
import { checkDrafts } from "./check-drafts.ts";
import { startComponents } from "./components.ts";
import { type Drafts, draftsInMongo, DraftsOfDryRun } from "./drafts.ts";
import { draftsTable } from "./drafts-table.ts";
import { expectedDemand } from "./expected-demand.ts";
import { expectedDrafts } from "./expected-drafts.ts";
import { liveBookings } from "./live-bookings.ts";
import { memoryCapacity, memoryStore } from "./memory-store.ts";
import { followTopic } from "@millrace/devstack";
import { tableHead, tableRow } from "./table.ts";

const readOnce = (): boolean => {
  try {
    return parseArgs({ options: { once: { type: "boolean", default: false } } }).values.once;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}; there is only --once\n`);
    return process.exit(1);
  }
};
const once = readOnce();
const hours = 6;
const partitions = 6;
const hour = 3_600_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const closers: (() => Promise<unknown>)[] = [];

const closeAll = async (): Promise<void> => {
  for (const close of closers.splice(0).toReversed())
    await close().catch((error: unknown) => say(`while stopping: ${String(error)}`));
};

const run = async (): Promise<void> => {
  say("Millrace: bookings in, hourly demand and draft ratesheets out\n");
  const {
    broker,
    registry: registryServer,
    mongo,
    transport,
  } = await startComponents(say, (stop) => closers.push(stop));
  const given = [broker, mongo].some(({ rung }) => rung === "given");
  const suffix = given ? `.demo-${Date.now()}` : "";
  const mongoUri = mongo.address === "" ? undefined : demoDatabase(mongo.address, suffix);
  const settings = venueSettings({
    DEMAND_DEFAULT_CAPACITY: "100",
    DEMAND_IDLE_CLOSE_MS: "2000",
    KAFKA_SESSION_TIMEOUT_MS: "10000",
    LOG_LEVEL: "warn",
    ...process.env,
    KAFKA_BROKERS: broker.address || "simulated:9092",
    SCHEMA_REGISTRY_URL: registryServer.address,
    MONGODB_URI: mongoUri ?? "",
    SURGE_DRY_RUN: String(mongoUri === undefined),
    KAFKA_GROUP_ID_AGGREGATOR: `demand-aggregator${suffix}`,
    KAFKA_GROUP_ID_UPDATER: `surge-updater${suffix}`,
    KAFKA_TOPIC_BOOKING_EVENTS: `venue.booking.events${suffix}`,
    KAFKA_TOPIC_DEMAND_HOURLY: `venue.demand.hourly${suffix}`,
  });
  const { bookingEvents, demandHourly, graceMs, idleCloseMs } = settings.demand;
  const dryRun = new DraftsOfDryRun();
  const drafts: Drafts = mongoUri === undefined ? dryRun : await draftsInMongo(mongoUri);
  closers.push(() => drafts.close());
  if (mongoUri === undefined)
    say("\nThere is no MongoDB: surge runs dry, and its decisions are shown instead of ratesheets.");

  const lines = serviceLog(settings.logLevel);
  const log: Log = (level, message, fields) => {
    dryRun.log(fields);
    lines(level, message, fields);
  };
  const service = await startVenue({
    settings,
    log,
    createTopics: { partitions },
    transport,
    withoutDatabase: mongoUri === undefined ? { capacity: memoryCapacity, store: memoryStore } : undefined,
  });
  closers.push(() => service.stop());
  service.done().catch((error: unknown) => say(`\nthe pipelines stopped: ${String(error)}`));

  const client = transport();
  await client.connect();
  closers.push(() => client.close());
  const registry = schemaRegistry({ url: registryServer.address, log });
  const demandTopic = demandHourlyTopic({ registry, name: demandHourly });
  await demandTopic.value.start?.({ topic: demandTopic.name, part: "value", use: "sink" });
  const publisher = await createBookingPublisher({ transport: client, registry, topic: bookingEvents });
  closers.push(() => publisher.close());

  // The last hours before this one, at a speed that lets them close within seconds.
  const start = (Math.floor(Date.now() / hour) - hours - 1) * hour;
  const events = demoBookings(start, hours, 7);
  const demand = expectedDemand(events, partitions, graceMs);
  const priced = expectedDrafts(demand);
  say(`\nSending ${events.length} events of ${hours} hours.`);
  const finals = new Map<string, DemandHourly>();
  const problems: string[] = [];
  const reader = await followTopic(client, demandTopic, ({ value: record }) => {
    const key = `${record.subLocationId} ${record.hour}`;
    if (finals.has(key)) problems.push(`${key}: a record follows its final`);
    if (!record.final) return;
    finals.set(key, record);
    if (finals.size === 1) say(`\n\n${tableHead()}`);
    say(tableRow(record));
  });
  closers.push(() => reader.close());

  let sent = 0;
  const send = async (event: BookingEvent): Promise<void> => {
    await publisher.publish(event);
    sent++;
    if (process.stdout.isTTY && finals.size === 0)
      process.stdout.write(`\r  [${"#".repeat(Math.ceil((30 * sent) / events.length)).padEnd(30)}] ${sent}`);
  };
  // In their order, but without waiting for each: a slow machine would pause between two for longer than an hour stays open.
  await Promise.all(events.map(send));
  say(
    `\nAll ${sent} events are in Kafka; the last hour closes when its partition has been quiet for ${idleCloseMs} ms.`,
  );

  const asExpected = async (): Promise<boolean> =>
    checkDemand(finals, demand).length === 0 && checkDrafts(await drafts.read(), priced).length === 0;
  const failed = (): boolean => service.applications.some(({ app }) => app.failure !== undefined);
  for (const giveUp = Date.now() + 60_000; Date.now() < giveUp && !failed() && !(await asExpected());)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const ratesheets = await drafts.read();
  say(
    mongoUri === undefined
      ? "\nDraft ratesheets that a dry run decides on:\n"
      : "\nDraft ratesheets, read back from MongoDB, for a person to approve:\n",
  );
  say(draftsTable([...ratesheets.values()]));
  problems.push(...checkDemand(finals, demand), ...checkDrafts(ratesheets, priced));
  const duplicates =
    service.applications
      .flatMap(({ metrics }) => metrics)
      .find(({ name }) => name === "duplicate_records_total")?.values[0]?.[1] ?? 0;
  say(
    problems.length === 0
      ? `\nChecked: all ${demand.length} final records equal what was sent (${Number(duplicates)} repeated events left out), ` +
          `and all ${priced.length} drafts follow from them; arena is the example of 15 bookings against 1.2.`
      : `\nNOT what was sent:\n  ${problems.join("\n  ")}`,
  );
  if (once) {
    if (problems.length > 0) process.exitCode = 1;
    return;
  }
  // Not before: --once has no use for it.
  const { startDemoConsole } = await import("./demo-console.ts");
  const watched = await startDemoConsole({
    service,
    transport,
    address: broker.address || "simulated in this process",
    registry: { url: registryServer.address },
    demandTopic: demandHourly,
  });
  closers.push(() => watched.close());
  const producer = await client.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  closers.push(() => producer.close());
  await producer.prepareTopics([bookingEvents]);
  const { value: bookingSerde } = bookingEventsTopic({ registry, name: bookingEvents });
  await bookingSerde.start?.({ topic: bookingEvents, part: "value", use: "sink" });
  const live = new AbortController();
  closers.push(() => Promise.resolve(live.abort()));
  liveBookings({
    publisher,
    maxAheadMs: settings.demand.maxAheadMs,
    signal: live.signal,
    sendBytes: (key, bytes) => {
      const bytesOfKey = Buffer.from(key);
      const partition = partitionForKey(bytesOfKey, partitions);
      producer.append(bookingEvents, partition, bytesOfKey, bytes, Date.now(), noHeaders);
      return producer.flush();
    },
    encode: bookingSerde.serialize,
  }).catch((error: unknown) => say(`\nno more bookings come: ${String(error)}`));
  // They are told of in the log: what is to be read last comes after that.
  for (const giveUp = Date.now() + 5_000; Date.now() < giveUp && deadLettered(service) < 2;)
    await new Promise((resolve) => setTimeout(resolve, 50));
  say("\nIt goes on running: two or three events a second come in, and two were sent that nobody can take.");
  if (broker.rung !== "simulated") {
    say("Try, in another terminal:");
    say(`  KAFKA_BROKERS=${broker.address} SCHEMA_REGISTRY_URL=${registryServer.address} \\`);
    say(`    KAFKA_TOPIC_BOOKING_EVENTS=${bookingEvents} \\`);
    say(
      "    node --conditions=@millrace/source packages/venue/src/generate-booking-load.ts --scenario RAPID_TEST --sublocation garden",
    );
  }
  say("Ctrl-C stops everything that was started here.\n");
  say(`Look at it:  ${watched.url}`);
  say(`  (to replay dead letters there: ${watched.token})`);
  await new Promise<never>(() => undefined);
};

const deadLettered = ({ applications }: Service): number =>
  applications
    .flatMap(({ app }) => [...app.metrics.deadLettered.values()])
    .reduce((sum, count) => sum + count, 0);

/** The demo clears the collections that it uses, so it never works in a database that somebody else has. */
const demoDatabase = (server: string, suffix: string): string => {
  const url = new URL(server);
  url.pathname = `/millrace-demo${suffix.replace(".", "-")}`;
  return url.href;
};

let ending = false;
const end = async (): Promise<never> => {
  if (!ending) {
    ending = true;
    await closeAll();
  }
  return process.exit();
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    say("\nStopping.");
    void end();
  });

try {
  await run();
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
await end();
