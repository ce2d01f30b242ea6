import { days } from "@millrace/streams";
import type { PressureMean } from "./baseline.ts";

/** The pressure of a location in one hour, as it stood when the last of its members' finals came. */
export interface PressureSample {
  /** Start of the UTC hour, ms since the epoch. */
  readonly hour: number;
  readonly pressure: number;
}

/** The samples of one location, weekday and hour of the day on the venue's clocks; oldest first, one an hour. */
export interface LocationHistory {
  readonly samples: readonly PressureSample[];
}

/** A mean reaches back this far from its hour, ms. */
const reach = days(30);
/** Members are read from several partitions: one that lags by a month still finds what its hour is compared with. */
const kept = 2 * reach;

/** The history of a location without a sample yet. */
export const emptyLocationHistory = (): LocationHistory => ({ samples: [] });

/** To be called with each member's final, if the location's capacity is known; replaces the hour's earlier sample. */
export const addSample = ({ samples }: LocationHistory, sample: PressureSample): LocationHistory => {
  const all = [...samples.filter(({ hour }) => hour !== sample.hour), sample].toSorted(
    (a, b) => a.hour - b.hour,
  );
  const newest = all.at(-1)?.hour ?? sample.hour;
  return { samples: all.filter(({ hour }) => hour >= newest - kept) };
};

/** Over the samples of the 30 days before an hour (its start in ms since the epoch), that hour excluded. */
export const meanBefore = ({ samples }: LocationHistory, hour: number): PressureMean => {
  const before = samples.filter((sample) => sample.hour < hour && sample.hour >= hour - reach);
  const sum = before.reduce((total, { pressure }) => total + pressure, 0);
  return {
    historicalAvgPressure: before.length === 0 ? null : sum / before.length,
    historySamples: before.length,
  };
};
