// `npm start`: bookings in, hourly demand out, on whatever Kafka and registry are to be had. `--once` ends by itself,
// with exit code 0 if what came out is what went in.
import { schemaRegistry } from "@millrace/avro";
import { demandSettings, jsonLog, startDemand } from "@millrace/demand";
import { type Component, startKafka, startRegistry } from "@millrace/devstack";
import { kafka, type Transport } from "@millrace/streams";
import { createBookingPublisher, type DemandHourly, demandHourlyTopic } from "@millrace/venue";
import { demoBookings } from "./demo/bookings.ts";
import { expectedDemand } from "./demo/expected-demand.ts";
import { readTopic } from "./demo/read-topic.ts";
import { tableHead, tableRow } from "./demo/table.ts";

const once = process.argv.includes("--once");
const hours = 6;
const partitions = 6;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const closers: (() => Promise<unknown>)[] = [];

const closeAll = async (): Promise<void> => {
  for (const close of closers.splice(0).toReversed())
    await close().catch((error: unknown) => say(`while stopping: ${String(error)}`));
};

const run = async (): Promise<void> => {
  say("Millrace: bookings in, hourly demand out\n");
  const started = await Promise.allSettled([
    startKafka({ onProgress: say }),
    startRegistry({ onProgress: say }),
  ]);
  for (const result of started) if (result.status === "fulfilled") closers.push(() => result.value.stop());
  const [broker, registryComponent] = started.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  }) as [Component, Component];
  for (const { name, rung, address, detail } of [broker, registryComponent])
    say(`  ${name.padEnd(9)} ${rung.padEnd(10)} ${address.padEnd(45)} ${detail}`);

  if (broker.rung === "simulated")
    throw new Error(
      "the demo needs a real Kafka: set KAFKA_BROKERS, start Docker, or install JDK 17 and Maven",
    );
  const transport = (): Transport => kafka({ brokers: broker.address.split(",") });
  const suffix = broker.rung === "given" ? `.demo-${Date.now()}` : "";
  const settings = demandSettings({
    DEMAND_DEFAULT_CAPACITY: "100",
    DEMAND_IDLE_CLOSE_MS: "2000",
    KAFKA_SESSION_TIMEOUT_MS: "10000",
    LOG_LEVEL: "warn",
    ...process.env,
    KAFKA_BROKERS: broker.address,
    SCHEMA_REGISTRY_URL: registryComponent.address,
    KAFKA_GROUP_ID_AGGREGATOR: `demand-aggregator${suffix}`,
    KAFKA_TOPIC_BOOKING_EVENTS: `venue.booking.events${suffix}`,
    KAFKA_TOPIC_DEMAND_HOURLY: `venue.demand.hourly${suffix}`,
  });
  const log = jsonLog(settings.logLevel, (line) => process.stderr.write(line));
  const { app, counters } = await startDemand({
    settings,
    log,
    createTopics: { partitions },
    transport: transport(),
  });
  closers.push(() => app.stop());
  app.done().catch((error: unknown) => say(`\nthe demand topology stopped: ${String(error)}`));

  const client = transport();
  await client.connect();
  closers.push(() => client.close());
  const registry = schemaRegistry({ url: registryComponent.address, log });
  const demandTopic = demandHourlyTopic({ registry, name: settings.demandHourly });
  await demandTopic.value.start?.({ topic: demandTopic.name, part: "value", use: "sink" });
  const publisher = await createBookingPublisher({
    transport: client,
    registry,
    topic: settings.bookingEvents,
  });
  closers.push(() => publisher.close());

  // The last hours before this one, at a speed that lets them close within seconds.
  const hour = 3_600_000;
  const start = Date.now() - (Date.now() % hour) - (hours + 1) * hour;
  const events = demoBookings(start, hours, 7);
  const expected = expectedDemand(events, partitions, settings.graceMs);
  say(`\nSending ${events.length} events of ${hours} hours.`);
  const finals = new Map<string, DemandHourly>();
  const problems: string[] = [];
  const reader = await readTopic(client, demandTopic, (demand) => {
    const key = `${demand.subLocationId} ${demand.hour}`;
    if (finals.has(key)) problems.push(`${key}: a record follows its final`);
    if (!demand.final) return;
    finals.set(key, demand);
    if (finals.size === 1) say(`\n\n${tableHead()}`);
    say(tableRow(demand));
  });
  closers.push(() => reader.close());

  let sent = 0;
  for (const event of events) {
    await publisher.publish(event);
    sent++;
    if (process.stdout.isTTY && finals.size === 0)
      process.stdout.write(`\r  [${"#".repeat(Math.ceil((30 * sent) / events.length)).padEnd(30)}] ${sent}`);
  }
  say(
    `\nAll ${sent} events are in Kafka; the last hour closes when its partition has been quiet for ${settings.idleCloseMs} ms.`,
  );

  const giveUp = Date.now() + 60_000;
  while (finals.size < expected.length && Date.now() < giveUp && app.failure === undefined)
    await new Promise((resolve) => setTimeout(resolve, 100));
  for (const { subLocationId, hour: at, bookings, attendees } of expected) {
    const found = finals.get(`${subLocationId} ${at}`);
    if (found?.bookingsCount !== bookings || found.totalAttendees !== attendees)
      problems.push(
        `${subLocationId} ${new Date(at).toISOString()}: expected ${bookings} bookings with ${attendees} attendees, ` +
          `got ${found === undefined ? "no final" : `${found.bookingsCount} with ${found.totalAttendees}`}`,
      );
  }
  if (finals.size !== expected.length) problems.push(`${finals.size} finals instead of ${expected.length}`);
  say(
    problems.length === 0
      ? `\nChecked: all ${expected.length} final records equal what was sent (${counters.duplicates} repeated events left out).`
      : `\nNOT what was sent:\n  ${problems.join("\n  ")}`,
  );
  if (once) {
    if (problems.length > 0) process.exitCode = 1;
    return;
  }
  say("\nIt goes on running. Try, in another terminal:");
  say(`  KAFKA_BROKERS=${broker.address} SCHEMA_REGISTRY_URL=${registryComponent.address} \\`);
  say(
    "    node --conditions=@millrace/source packages/venue/src/generate-booking-load.ts --scenario RAPID_TEST --sublocation pool",
  );
  say("Ctrl-C stops everything that was started here.");
  await new Promise<never>(() => undefined);
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
