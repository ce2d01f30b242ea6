import type { expectedDemand } from "@millrace/demo";
import { expect } from "vitest";
import type { ServiceProcess } from "./service-process.ts";
import { until, type VenueClient } from "./venue-client.ts";

/** How long what is still on its way to the reader may take, ms. */
const lastArrivalsMs = 1_000;

/**
 * Waits until as many finals were written as there must be, ends the service as an operator does, and expects each of
 * them once, with its bookings and attendees. `about` is said where it fails.
 */
export const expectFinals = async (
  { demand: written }: VenueClient,
  service: ServiceProcess,
  expected: ReturnType<typeof expectedDemand>,
  about: string,
): Promise<void> => {
  const finals = () => written.filter(({ final }) => final);
  await until(
    () => finals().length >= expected.length,
    () => `${about}: ${finals().length} of ${expected.length} finals; ${service.output.slice(-2_000)}`,
  );
  service.kill("SIGTERM");
  expect(await service.exit(), about).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, lastArrivalsMs));
  const seen = finals().map(({ subLocationId, hour, bookingsCount, totalAttendees }) =>
    [subLocationId, hour, bookingsCount, totalAttendees].join(),
  );
  const wanted = expected.map(({ subLocationId, hour, bookings, attendees }) =>
    [subLocationId, hour, bookings, attendees].join(),
  );
  expect(seen.toSorted(), about).toEqual(wanted.toSorted());
};
