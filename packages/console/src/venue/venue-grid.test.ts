import { expect, test } from "vitest";
import type { DecisionView, HourView } from "../protocol/venue-view.ts";
import { venueGrid } from "./venue-grid.ts";

const hour = 3_600_000;

const demand = (subLocationId: string, at: number): HourView => ({
  subLocationId,
  locationId: undefined,
  hour: at,
  bookings: 15,
  attendees: 30,
  capacity: 100,
  pressure: 15,
  usualPressure: 1.2,
  historySamples: 4,
  final: true,
});

const decision = (
  level: string,
  entityId: string,
  of: number,
  at: number,
  multiplier?: number,
): DecisionView => ({
  application: "surge-updater",
  at,
  message: "",
  fields: {
    surgeConfigId: `surge-${entityId}`,
    appliesTo: level,
    entityId,
    hour: new Date(of).toISOString(),
    effectiveFrom: new Date(of + hour).toISOString(),
    dryRun: false,
    ...(multiplier === undefined
      ? { outcome: "skipped", reason: "noSupply" }
      : { outcome: "draft", inputs: { multiplier } }),
  },
});

const view = (hours: readonly HourView[], decisions: readonly DecisionView[]) =>
  venueGrid({ topic: "venue.demand.hourly", problem: undefined, hours, decisions }, 3);

test("puts the last hours across, sub-locations down, locations below them", () => {
  const { hours, rows } = view(
    [1, 2, 3, 4].map((n) => demand("arena", n * hour)),
    [decision("LOCATION", "a venue", 4 * hour, 1, 1.1), decision("SUBLOCATION", "court", 3 * hour, 1, 0.9)],
  );
  expect(hours).toEqual([2 * hour, 3 * hour, 4 * hour]);
  expect(rows.map(({ entityId }) => entityId)).toEqual(["arena", "court", "a venue"]);
  expect(rows[0]?.cells.map((cell) => cell.demand?.bookings)).toEqual([15, 15, 15]);
  expect(rows[1]?.cells.map((cell) => cell.decisions[0]?.inputs?.multiplier)).toEqual([
    undefined,
    0.9,
    undefined,
  ]);
});

const decisionsOf = (...decisions: readonly DecisionView[]) =>
  view([], decisions).rows[0]?.cells[0]?.decisions.map(({ outcome }) => outcome);

test("shows the draft, and what was decided since, but not what it has overtaken", () => {
  const skipped = (at: number) => decision("SUBLOCATION", "arena", hour, at);
  const draft = decision("SUBLOCATION", "arena", hour, 5, 1.7577);
  expect(decisionsOf(skipped(4), draft)).toEqual(["draft"]);
  expect(decisionsOf(skipped(6), draft)).toEqual(["draft", "skipped"]);
  expect(decisionsOf(skipped(4))).toEqual(["skipped"]);
});

test("passes over decisions of something else", () => {
  const other: DecisionView = { application: "other", at: 1, message: "moved", fields: { shelf: 7 } };
  expect(view([], [other])).toEqual({ hours: [], rows: [] });
});
