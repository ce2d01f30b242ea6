import { schemaRegistry } from "@millrace/avro";
import { createBookingPublisher } from "@millrace/venue";
import { expect, inject, test } from "vitest";
import { ServiceProcess } from "./service-process.ts";
import { studioBooking } from "./studio-booking.ts";
import { openVenue, until } from "./venue-client.ts";

const hour = 3_600_000;

test("a booking that a clock put almost four hours ahead is counted, also after a restart, on topics with Kafka's own limits", async () => {
  const venue = await openVenue(inject("kafka"), inject("registry"), "ahead", 1);
  const limits = await venue.transport.describeTopicConfig(venue.bookingEvents);
  expect(limits.get("message.timestamp.after.max.ms")).toBe(String(hour));
  const publisher = await createBookingPublisher({
    transport: venue.transport,
    registry: schemaRegistry({ url: inject("registry") }),
    topic: venue.bookingEvents,
    maxAheadMs: 4 * hour,
  });
  const environment = { ...venue.environment, DEMAND_MAX_AHEAD_MS: String(4 * hour) };
  const run = async (eventId: string, timestamp: number, counted: number): Promise<string> => {
    const demand = new ServiceProcess("demand", environment);
    try {
      await until(
        () => demand.output.includes('"message":"started"'),
        () => demand.output,
        60_000,
      );
      await publisher.publish(studioBooking(eventId, timestamp));
      const open = (): boolean =>
        venue.demand.some(
          ({ hour: start, bookingsCount }) =>
            start === timestamp - (timestamp % hour) && bookingsCount === counted,
        );
      await until(open, () => demand.output, 120_000);
    } finally {
      demand.kill("SIGTERM");
      expect(await demand.exit(), demand.output).toBe(0);
    }
    return demand.output;
  };
  try {
    // Both in one hour, and the second not behind the limit.
    const ahead = Date.now() + 4 * hour - 60_000;
    const first = ahead % hour < 1_000 ? ahead - 1_000 : ahead;
    const output = await run("first", first - 1, 1);
    expect(output).toMatch(/message\.timestamp\.after\.max\.ms/);
    await run("second", first, 2);
  } finally {
    await publisher.close();
    await venue.close();
  }
});
