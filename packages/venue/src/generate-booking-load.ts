#!/usr/bin/env node
import { setTimeout as sleep } from "node:timers/promises";
import { schemaRegistry } from "@millrace/avro";
import { kafka } from "@millrace/streams";
import type { BookingEvent } from "./schemas/booking-event.ts";
import { bookingLoad, scenarios } from "./load/booking-load.ts";
import { loadArguments } from "./load/load-arguments.ts";
import { kafkaComponent, reachAll } from "@millrace/service";
import {
  Environment,
  kafkaSettings,
  kafkaSettingsHelp,
  registrySettings,
  registrySettingsHelp,
  settingsHelp,
} from "@millrace/service/settings";
import { registryComponent } from "./service/registry-component.ts";
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
  --start TIME        event time of the beginning: ISO with its zone, or ms since 1970 (now minus the scenario's length)
  --seed N            0 to 4294967295; the same number gives the same bookings, with the same ids (another in each run)
  --help, --version

Environment (defaults in parentheses):
${settingsHelp([
  ...kafkaSettingsHelp.filter(([name]) => name !== "KAFKA_CLIENT_ID"),
  ["KAFKA_CLIENT_ID", "(generate-booking-load)"],
  ["KAFKA_TOPIC_BOOKING_EVENTS", `(${bookingEventsDefaults.defaultName})`],
  ...registrySettingsHelp,
])}
`;

const main = async (): Promise<void> => {
  const load = loadArguments(process.argv.slice(2));
  if (load === "help") return void process.stdout.write(help);
  if (load === "version") return void process.stdout.write(`${version}\n`);
  const { scenario, start, speed, seed, seedGiven } = load;
  const environment = new Environment();
  const settings = kafkaSettings(environment, "generate-booking-load");
  const registry = registrySettings(environment);
  const topic = environment.topic("KAFKA_TOPIC_BOOKING_EVENTS", bookingEventsDefaults.defaultName);
  environment.check();

  const transport = kafka({ ...settings, connectTimeoutMs: 4_000 });
  try {
    await reachAll([kafkaComponent(transport, settings), registryComponent(registry)]);
    const publisher = await createBookingPublisher({
      transport,
      registry: schemaRegistry(registry),
      topic,
      // Nobody is kept waiting by it: an outage may last.
      publishTimeoutMs: 60_000,
    });
    const events = bookingLoad(scenario, load);
    if (!seedGiven) process.stdout.write(`--seed ${seed} sends the same bookings again\n`);
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
