import { expect, test } from "vitest";
import { bookingLoad } from "./booking-load.ts";
import { type LoadArguments, loadArguments } from "./load-arguments.ts";

const now = Date.parse("2026-03-02T12:00:00Z");
const read = (...given: readonly string[]): LoadArguments => {
  const load = loadArguments(["--scenario", "NORMAL", "--sublocation", "hall", ...given], now);
  if (typeof load === "string") throw new Error(`asked for ${load}`);
  return load;
};
const idsOf = (load: LoadArguments): readonly string[] =>
  bookingLoad(load.scenario, load).map(({ eventId }) => eventId);

test("has bookings of its own in each run, unless a seed is given", () => {
  const [one, other] = [idsOf(read()), idsOf(read())];
  expect(one.some((id) => other.includes(id))).toBe(false);
  expect(idsOf(read("--seed", "7"))).toEqual(idsOf(read("--seed", "7")));
  expect(read("--seed", "7")).toMatchObject({ seed: 7, seedGiven: true });
});

test("has other bookings in another scenario of the same seed", () => {
  const normal = idsOf(read("--seed", "7"));
  const peak = idsOf({ ...read("--seed", "7"), scenario: "PEAK_HOUR" });
  expect(normal.some((id) => peak.includes(id))).toBe(false);
});

test("starts so that the scenario ends now", () => {
  expect(read().start).toBe(Date.parse("2026-03-02T10:00:00Z"));
});

test.each([
  ["2026-03-02T10:00:00Z", Date.parse("2026-03-02T10:00:00Z")],
  ["2026-03-02T10:00+01:00", Date.parse("2026-03-02T09:00:00Z")],
  ["2026-03-02T10:00:00.5-05:30", Date.parse("2026-03-02T15:30:00.5Z")],
  ["1767225600000", 1_767_225_600_000],
  ["1", 1],
])("takes %s as a start", (text, start) => {
  expect(read("--start", text).start).toBe(start);
});

test.each([
  ["--start", "2026-03-02T10:00:00"],
  ["--start", "2026-03-02"],
  ["--start", "2026-02-31T10:00:00Z"],
  ["--start", "2026-03-02T25:00:00Z"],
  ["--start", "March 2, 2026 10:00 UTC"],
  ["--start", "1.5"],
  ["--start=-1", undefined],
  ["--start", "99999999999999999"],
  ["--start", ""],
  ["--seed", "abc"],
  ["--seed", "1.5"],
  ["--seed", "1e3"],
  ["--seed=-1", undefined],
  ["--seed", "4294967296"],
  ["--seed", ""],
  ["--speed", "0"],
  ["--speed", "fast"],
  ["--speed", "Infinity"],
  ["--speed", "0x10"],
  ["--speed", " "],
  ["--location", " "],
  ["--sublocation", ""],
  ["--scenario", "peak_hour"],
  ["--scenario", "toString"],
  ["--scenari", "LOW"],
])("refuses %s %s", (option, value) => {
  const [name] = option.split("=");
  expect(() => read(option, ...(value === undefined ? [] : [value]))).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringContaining(name ?? "") }),
  );
});
