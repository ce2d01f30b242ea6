import { days } from "@millrace/streams";
import { describe, expect, test } from "vitest";
import { addSample, emptyLocationHistory, meanBefore, type PressureSample } from "./location-history.ts";

const hour = Date.parse("2026-03-02T10:00:00Z");
const sample = (weeksBefore: number, pressure: number): PressureSample => ({
  hour: hour - days(7 * weeksBefore),
  pressure,
});
const history = (...samples: readonly PressureSample[]) => samples.reduce(addSample, emptyLocationHistory());

describe("a location's history", () => {
  test("starts cold", () => {
    expect(meanBefore(emptyLocationHistory(), hour)).toEqual({
      historicalAvgPressure: null,
      historySamples: 0,
    });
  });

  test("is the mean of the 30 days before, the hour itself excluded", () => {
    const found = history(sample(5, 100), sample(4, 1), sample(2, 2), sample(1, 6), sample(0, 100));
    expect(meanBefore(found, hour)).toEqual({ historicalAvgPressure: 3, historySamples: 3 });
  });

  test("includes the hour exactly 30 days before", () => {
    const found = history(
      { hour: hour - days(30), pressure: 4 },
      { hour: hour - days(30) - 1, pressure: 100 },
    );
    expect(meanBefore(found, hour)).toEqual({ historicalAvgPressure: 4, historySamples: 1 });
  });

  test("has one sample an hour, the last", () => {
    expect(history(sample(1, 2), sample(1, 4)).samples).toEqual([sample(1, 4)]);
  });

  test("is the same whichever hour comes first, also for a member that lags by weeks", () => {
    const samples = [sample(6, 1), sample(4, 2), sample(3, 3), sample(0, 4)];
    expect(history(...samples.toReversed())).toEqual(history(...samples));
    expect(meanBefore(history(...samples), hour - days(21))).toEqual({
      historicalAvgPressure: 1.5,
      historySamples: 2,
    });
  });

  test("forgets what nobody can ask for any more", () => {
    expect(history(sample(9, 1), sample(0, 2)).samples).toEqual([sample(0, 2)]);
  });
});
