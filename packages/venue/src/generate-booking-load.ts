#!/usr/bin/env node
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { schemaRegistry } from "@millrace/avro";
import { kafka } from "@millrace/streams";
import type { BookingEvent } from "./schemas/booking-event.ts";
import { bookingLoad, type Scenario, scenarios, spanOf } from "./booking-load.ts";
import { Environment, kafkaSettings } from "@millrace/service/settings";
import { createBookingPublisher } from "./publisher/create-booking-publisher.ts";
import { bookingEventsDefaults } from "./topics.ts";
import { version } from "./version.ts";

const help = `Usage: generate-booking-load --scenario NAME --sublocation ID [OPTION...]

Sends the bookings of a scenario to Kafka, as they would come, only faster.

  --scenario NAME     ${Object.entries(scenarios)
    .map(([name, { perHour, hours }]) => `${name} (${perHour}/h for ${hours} h)`)
    .join(", ")}
  --sublocation ID    the sub-location that is booked
  --location ID       its location
  --speed N           how many times faster than life (3600)
  --start ISO         event time of the beginning (now minus the scenario's length)
  --seed N            the same number gives the same bookings (1)
  --help, --version

Environment: KAFKA_BROKERS, SCHEMA_REGISTRY_URL, KAFKA_TOPIC_BOOKING_EVENTS, KAFKA_CLIENT_ID, KAFKA_SSL, KAFKA_SASL_*
`;

const isScenario = (name: string | undefined): name is Scenario =>
  name !== undefined && Object.hasOwn(scenarios, name);

const positive = (name: string, text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} is "${text}"; it must be a number above 0`);
  return value;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      scenario: { type: "string" },
      sublocation: { type: "string" },
      location: { type: "string" },
      speed: { type: "string", default: "3600" },
      start: { type: "string" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
      version: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  if (values.version) return void process.stdout.write(`${version}\n`);
  const { scenario, sublocation: subLocationId, location: locationId } = values;
  if (!isScenario(scenario))
    throw new Error(
      `--scenario is ${scenario ?? "missing"}; it must be one of ${Object.keys(scenarios).join(", ")}`,
    );
  if (subLocationId === undefined || subLocationId === "")
    throw new Error("--sublocation is missing; it must be an id");
  const speed = positive("speed", values.speed);
  const start = values.start === undefined ? Date.now() - spanOf(scenario) : Date.parse(values.start);
  if (Number.isNaN(start))
    throw new Error(`--start is "${values.start}"; it must be a date such as 2026-01-31T08:00:00Z`);
  const environment = new Environment();
  const settings = kafkaSettings(environment, "generate-booking-load");
  const url = environment.url("SCHEMA_REGISTRY_URL", "the URL of a schema registry");
  const topic = environment.string("KAFKA_TOPIC_BOOKING_EVENTS", bookingEventsDefaults.defaultName);
  environment.check();

  const transport = kafka(settings);
  await transport.connect();
  try {
    const publisher = await createBookingPublisher({
      transport,
      registry: schemaRegistry({ url }),
      topic,
      // Nobody is kept waiting by it: an outage may last.
      publishTimeoutMs: 60_000,
    });
    const events = bookingLoad(scenario, {
      subLocationId,
      locationId,
      start,
      seed: Math.trunc(Number(values.seed)),
    });
    const began = Date.now();
    let sent = 0;
    const deliveries: Promise<void>[] = [];
    let failure: unknown;
    const deliver = async (event: BookingEvent): Promise<void> => {
      try {
        await publisher.publish(event);
      } catch (error) {
        failure ??= error;
        return;
      }
      sent++;
      process.stdout.write(`\r${scenario}: ${sent} of ${events.length} bookings sent`);
    };
    for (const event of events) {
      if (failure !== undefined) break;
      // A record is never sent before its (sped-up) time has come, nor before the time that it carries.
      const due = Math.max(began + (event.timestamp - start) / speed, event.timestamp);
      if (due > Date.now()) await sleep(due - Date.now());
      deliveries.push(deliver(event));
    }
    await Promise.all(deliveries);
    await publisher.close();
    process.stdout.write("\n");
    if (failure !== undefined) throw failure;
  } finally {
    await transport.close();
  }
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
