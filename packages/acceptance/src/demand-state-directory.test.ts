import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoBookings, expectedDemand } from "@millrace/demo";
import { freePorts } from "@millrace/devstack";
import type { BookingEvent } from "@millrace/venue";
import { SeededRandom } from "@millrace/venue";
import { expect, inject, test } from "vitest";
import { expectFinals } from "./expect-finals.ts";
import { readiness } from "./readiness.ts";
import { ServiceProcess } from "./service-process.ts";
import { openVenue, until } from "./venue-client.ts";

const hour = 3_600_000;
const partitions = 3;

/** What is done to the state directory between a kill and the next start. */
type Fate = "kept" | "older" | "wiped";
const fates: readonly Fate[] = ["kept", "older", "kept", "wiped", "kept"];

/** How many records a process has said that it restored. */
const restoredBy = ({ output }: ServiceProcess): number =>
  output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { restored?: number; remaining?: number })
    .filter(({ remaining }) => remaining === 0)
    .reduce((sum, { restored = 0 }) => sum + restored, 0);

test("killed with its state directory kept, wiped or from a while ago, it writes the same finals, and reads back only what the directory lacks", async () => {
  const seed = Date.now() % 1_000_000;
  const random = new SeededRandom(seed);
  const [port = 0] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), "millrace-state-"));
  const directory = join(folder, "state");
  const copyOf = (round: number): string => join(folder, `copy-${round}`);
  const venue = await openVenue(inject("kafka"), inject("registry"), "directory", partitions);
  const environment = {
    ...venue.environment,
    // Longer than any restart: an hour that closes in one would find the rest of its bookings late.
    DEMAND_IDLE_CLOSE_MS: "3600000",
    STATE_DIR: directory,
    HTTP_PORT: String(port),
  };
  const start = (Math.floor(Date.now() / hour) - 30) * hour;
  const events = demoBookings(start, 28, seed);
  const expected = expectedDemand(events, partitions, 300_000);
  const portion = Math.ceil(events.length / (fates.length + 1));
  const publish = (which: number): Promise<unknown> =>
    Promise.all(
      events
        .slice(which * portion, (which + 1) * portion)
        .map((event: BookingEvent) => venue.publisher.publish(event)),
    );
  const restarts: { readonly fate: Fate; readonly process: ServiceProcess; readonly readyAfterMs: number }[] =
    [];
  let demand = new ServiceProcess("demand", environment);
  try {
    await until(
      async () => (await readiness(port)) === 200,
      () => `seed ${seed}: ${demand.output.slice(-2_000)}`,
    );
    for (const [round, fate] of fates.entries()) {
      const seen = venue.demand.length;
      await publish(round);
      // At any moment of its work on them.
      await until(
        () => venue.demand.length > seen,
        () => `seed ${seed}: no demand of portion ${round}; ${demand.output.slice(-2_000)}`,
      );
      await new Promise((resolve) => setTimeout(resolve, random.below(1_000)));
      demand.kill("SIGKILL");
      await demand.exit();
      cpSync(directory, copyOf(round), { recursive: true, filter: (path) => !path.endsWith("/owner") });
      if (fate !== "kept") rmSync(directory, { recursive: true });
      if (fate === "older") cpSync(copyOf(round - 1), directory, { recursive: true });
      const startedAt = performance.now();
      demand = new ServiceProcess("demand", environment);
      await until(
        async () => (await readiness(port)) === 200,
        () => `seed ${seed}, ${fate}: ${demand.output.slice(-2_000)}`,
      );
      restarts.push({ fate, process: demand, readyAfterMs: performance.now() - startedAt });
    }
    await publish(fates.length);
    demand.kill("SIGKILL");
    await demand.exit();
    demand = new ServiceProcess("demand", { ...environment, DEMAND_IDLE_CLOSE_MS: "1000" });
    await until(
      async () => (await readiness(port)) === 200,
      () => `seed ${seed}: ${demand.output.slice(-2_000)}`,
    );
    await expectFinals(venue, demand, expected, `seed ${seed}`);
    // It may have been ready without a task, while the one that was killed still counted as a member.
    const restored = restarts.map((one) => ({ ...one, records: restoredBy(one.process) }));
    const report = restored
      .map(
        ({ fate, records, readyAfterMs }) =>
          `${fate}: ${records} records, ready after ${(readyAfterMs / 1_000).toFixed(1)} s`,
      )
      .join("; ");
    process.stdout.write(`state directory (${events.length} bookings): ${report}\n`);
    const recordsOf = (wanted: Fate): readonly number[] =>
      restored.filter(({ fate }) => fate === wanted).map(({ records }) => records);
    const [wiped = 0] = recordsOf("wiped");
    expect(wiped, report).toBeGreaterThan(events.length / 2);
    // What the last commits before the kill wrote, and the disk did not have yet.
    expect(Math.max(...recordsOf("kept")), report).toBeLessThan(wiped / 4);
    expect(recordsOf("older")[0], report).toBeGreaterThan(0);
  } finally {
    demand.kill("SIGKILL");
    await venue.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
