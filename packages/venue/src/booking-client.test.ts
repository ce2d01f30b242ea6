import { afterEach, expect, test, vi } from "vitest";
import { bookingClient } from "./booking-client.ts";
import type { BookingPublisher } from "./publisher/booking-publisher.ts";

// Nobody listens there: everything but the connection can be seen.
const settings = {
  kafka: { brokers: ["127.0.0.1:1"], connectTimeoutMs: 50 },
  registry: { url: "http://127.0.0.1:1" },
};
let client: BookingPublisher | undefined;
const booking = { id: "b1", subLocationId: "hall", eventName: "A booking", startDate: 0, endDate: 0 };

afterEach(async () => {
  vi.unstubAllEnvs();
  await client?.close({ timeoutMs: 0 });
});

test("is one per process until it is closed", async () => {
  const first = bookingClient(settings);
  expect(bookingClient()).toBe(first);
  expect(() => bookingClient(settings)).toThrow(expect.objectContaining({ code: "CONFIG" }));
  await first.close({ timeoutMs: 0 });
  client = bookingClient(settings);
  expect(client).not.toBe(first);
});

test("says which variables are missing or wrong when it is made", () => {
  vi.stubEnv("KAFKA_BROKERS", "localhost");
  vi.stubEnv("SCHEMA_REGISTRY_URL", "");
  expect(() => bookingClient()).toThrow(
    expect.objectContaining({
      name: "EnvironmentError",
      problems: [
        'KAFKA_BROKERS is "localhost"; it must be host:port, several separated by commas',
        "SCHEMA_REGISTRY_URL is not set; it must be the URL of a schema registry",
      ],
    }),
  );
  client = bookingClient(settings);
});

test("takes bookings though there is no Kafka, and reports them when it closes", async () => {
  client = bookingClient({ ...settings, publishTimeoutMs: 100 });
  expect(client.bookingCreated(booking)).toBe(true);
  await expect(client.acknowledged.bookingDeleted(booking)).rejects.toMatchObject({
    code: "DELIVERY_TIMEOUT",
    whereabouts: "unsent",
  });
  const { unsent, uncertain } = await client.close({ timeoutMs: 10 });
  expect(unsent).toMatchObject([{ eventId: "b1", action: "CREATED" }]);
  expect(uncertain).toEqual([]);
});
