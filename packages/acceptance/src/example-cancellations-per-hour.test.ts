import { randomUUID } from "node:crypto";
import { schemaRegistry } from "@millrace/avro";
import { hours, kafka, minutes } from "@millrace/streams";
import { type Booking, createBookingPublisher, createdEvent, deletedEvent } from "@millrace/venue";
import { expect, inject, test } from "vitest";
import { Program } from "./program.ts";
import { until } from "./venue-client.ts";
import { followTopic } from "@millrace/devstack";
import {
  type Cancellations,
  cancellations,
} from "../../../examples/cancellations-per-hour/cancellations-per-hour.ts";

test("counts on real topics what was cancelled, when the hour is over", async () => {
  const service = new Program(new URL("../../../examples/cancellations-per-hour/main.ts", import.meta.url), {
    KAFKA_BROKERS: inject("kafka"),
    SCHEMA_REGISTRY_URL: inject("registry"),
  });
  const transport = kafka({ brokers: [inject("kafka")] });
  await transport.connect();
  try {
    await until(
      () => service.output.includes("running"),
      () => service.output,
    );
    const publisher = await createBookingPublisher({
      transport,
      registry: schemaRegistry({ url: inject("registry") }),
    });
    const start = (Math.floor(Date.now() / hours(1)) - 3) * hours(1);
    const hall = randomUUID();
    const booking = (id: string): Booking => ({
      id,
      subLocationId: hall,
      eventName: "A booking",
      startDate: start,
      endDate: start,
    });
    for (const id of ["kept", "cancelled", "cancelled too"]) publisher.emit(createdEvent(booking(id), start));
    publisher.emit(deletedEvent(booking("cancelled"), start + minutes(10)));
    publisher.emit(deletedEvent(booking("cancelled too"), start + minutes(20)));
    publisher.emit(createdEvent(booking("the next hours"), start + hours(2)));
    await publisher.close();

    const found: Cancellations[] = [];
    const reader = await followTopic(transport, cancellations, ({ value }) => {
      if (value.subLocationId === hall) found.push(value);
    });
    await until(
      () => found.length > 0,
      () => service.output,
    );
    await reader.close();
    expect(found).toEqual([{ subLocationId: hall, hour: new Date(start).toISOString(), cancellations: 2 }]);
  } finally {
    service.kill("SIGTERM");
    await transport.close();
  }
  expect(await service.exit()).toBe(0);
});
