import type { DemandHourly } from "@millrace/venue";
import type { ObjectId } from "mongodb";
import type { SurgeConfigDocument, TimeWindowDocument } from "./configs.ts";
import type { HistoryDocument } from "./history.ts";
import { localHour } from "./local-hour.ts";
import { type Place, textOf } from "./places.ts";
import { day, hour } from "./the-day.ts";

interface ExpectedParams {
  readonly surgeConfigId: string | ObjectId;
  readonly currentDemand?: number;
  readonly currentSupply?: number;
  readonly historicalAvgPressure?: number;
  /** Null: there never was one. Left out: nothing has been copied. */
  readonly manualHistoricalAvgPressure?: number | null;
}

/** A ratesheet, but for its own times. */
export interface ExpectedDraft {
  readonly type: "SURGE_MULTIPLIER";
  readonly approvalStatus: "DRAFT";
  readonly isActive: true;
  readonly appliesTo: SurgeConfigDocument["appliesTo"];
  readonly priority: number;
  readonly conflictResolution: "PRIORITY";
  readonly effectiveFrom: Date;
  readonly effectiveTo: Date;
  readonly surgeConfigId: string | ObjectId;
  readonly surgeMultiplierSnapshot: number;
  readonly demandSupplySnapshot: {
    readonly demand: number;
    readonly supply: number;
    readonly pressure: number;
    readonly historicalAvgPressure: number;
    readonly timestamp: Date;
  };
}

/** A document of `demand_history`, but for when it was created. */
export type ExpectedHistory = Omit<HistoryDocument, "createdAt">;

export interface ExpectedSurge {
  readonly params: readonly ExpectedParams[];
  readonly drafts: readonly ExpectedDraft[];
  readonly history: readonly ExpectedHistory[];
}

/** What a config sees of one hour. */
interface SeenHour {
  readonly hour: number;
  readonly bookings: number;
  readonly pressure: number;
  readonly mean: number | null;
  readonly samples: number;
  readonly timestamp: number;
}

/** What must be in the database after these finals, which are all there are. */
export const expectedSurge = (
  finals: readonly DemandHourly[],
  configs: readonly SurgeConfigDocument[],
  places: readonly Place[],
  historyBefore: readonly HistoryDocument[],
): ExpectedSurge => {
  const known = finals.filter(({ availableCapacity }) => availableCapacity > 0);
  const params: ExpectedParams[] = [];
  const drafts: ExpectedDraft[] = [];
  for (const config of configs) {
    const { level, entityId } = config.appliesTo;
    const seen =
      level === "SUBLOCATION"
        ? seenBySubLocation(known, textOf(entityId))
        : seenByLocation(known, textOf(entityId), places);
    const made = madeOf(config, seen);
    params.push({ surgeConfigId: config.id, ...made.params });
    drafts.push(...made.drafts);
  }
  return { params, drafts, history: historyAfter(known, historyBefore) };
};

const seenBySubLocation = (finals: readonly DemandHourly[], subLocationId: string): readonly SeenHour[] =>
  finals
    .filter((final) => final.subLocationId === subLocationId)
    .map((final) => ({
      hour: final.hour,
      bookings: final.bookingsCount,
      pressure: final.demandPressure,
      mean: final.historicalAvgPressure,
      samples: final.historySamples,
      timestamp: final.timestamp,
    }))
    .toSorted((a, b) => a.hour - b.hour);

const seenByLocation = (
  finals: readonly DemandHourly[],
  locationId: string,
  places: readonly Place[],
): readonly SeenHour[] => {
  const members = places.filter((place) => textOf(place.locationId) === locationId);
  const hours = [...new Set(finals.map((final) => final.hour))].toSorted((a, b) => a - b);
  const seen: SeenHour[] = [];
  for (const start of hours) {
    let bookings = 0;
    let capacity = 0;
    let timestamp = 0;
    for (const { id, capacity: ofMember } of members) {
      const final = finals.find((one) => one.hour === start && one.subLocationId === textOf(id));
      bookings += final?.bookingsCount ?? 0;
      capacity += final?.availableCapacity ?? Math.max(0, ofMember);
      timestamp = Math.max(timestamp, final?.timestamp ?? 0);
    }
    if (timestamp === 0) continue;
    const pressure = bookings / (capacity / 100);
    const before = seen.filter(
      (one) =>
        one.hour >= start - 30 * day &&
        localHour(one.hour).dayOfWeek === localHour(start).dayOfWeek &&
        localHour(one.hour).hour === localHour(start).hour,
    );
    let sum = 0;
    for (const one of before) sum += one.pressure;
    const mean = before.length > 0 ? sum / before.length : null;
    seen.push({ hour: start, bookings, pressure, mean, samples: before.length, timestamp });
  }
  return seen;
};

const madeOf = (
  config: SurgeConfigDocument,
  seen: readonly SeenHour[],
): { readonly params: Omit<ExpectedParams, "surgeConfigId">; readonly drafts: readonly ExpectedDraft[] } => {
  const { demandSupplyParams: before, surgeParams } = config;
  const alpha = surgeParams.alpha ?? 0.3;
  const min = surgeParams.minMultiplier ?? 0.75;
  const max = surgeParams.maxMultiplier ?? 1.8;
  const supply = before.currentSupply ?? 0;
  if (!config.isActive || min > max || alpha < 0 || supply <= 0) return { params: before, drafts: [] };

  // The operator's own baseline never changes, whatever the pipeline writes beside it.
  const operators =
    before.manualHistoricalAvgPressure === undefined
      ? before.historicalAvgPressure
      : before.manualHistoricalAvgPressure;
  let params: Omit<ExpectedParams, "surgeConfigId"> = before;
  const drafts: ExpectedDraft[] = [];
  for (const { hour: start, bookings, pressure, mean, samples, timestamp } of seen) {
    const from = start + hour;
    if (!holdsAt(config, from)) continue;
    params = { ...params, currentDemand: bookings };
    let baseline = operators ?? 0;
    if (mean !== null && mean > 0 && samples >= 3) {
      baseline = mean;
      params = { ...params, historicalAvgPressure: mean, manualHistoricalAvgPressure: operators ?? null };
    }
    if (baseline <= 0) continue;
    const factor = pressure === 0 ? min : 1 + alpha * Math.log(pressure / baseline);
    drafts.push({
      type: "SURGE_MULTIPLIER",
      approvalStatus: "DRAFT",
      isActive: true,
      appliesTo: config.appliesTo,
      priority: 10_000 + config.priority,
      conflictResolution: "PRIORITY",
      effectiveFrom: new Date(from),
      effectiveTo: new Date(from + hour),
      surgeConfigId: config.id,
      surgeMultiplierSnapshot: Math.max(min, Math.min(max, factor)),
      demandSupplySnapshot: {
        demand: bookings,
        supply,
        pressure,
        historicalAvgPressure: baseline,
        timestamp: new Date(timestamp),
      },
    });
  }
  return { params, drafts };
};

const holdsAt = (config: SurgeConfigDocument, instant: number): boolean => {
  if (config.effectiveFrom !== null && instant < config.effectiveFrom.getTime()) return false;
  if (config.effectiveTo !== null && instant >= config.effectiveTo.getTime()) return false;
  return config.timeWindows.length === 0 || config.timeWindows.some((window) => covers(window, instant));
};

const minutesOf = (text: string): number => 60 * Number(text.slice(0, 2)) + Number(text.slice(3));

/** In minutes of the week, round and round. */
const covers = ({ daysOfWeek = [], startTime, endTime }: TimeWindowDocument, instant: number): boolean => {
  const now = localHour(instant);
  const minuteOfWeek = now.dayOfWeek * 1_440 + now.hour * 60 + now.minute;
  const length = (minutesOf(endTime) - minutesOf(startTime) + 1_440) % 1_440 || 1_440;
  for (const startsOn of daysOfWeek.length > 0 ? daysOfWeek : [0, 1, 2, 3, 4, 5, 6]) {
    const since = (minuteOfWeek - startsOn * 1_440 - minutesOf(startTime) + 10_080) % 10_080;
    if (since < length) return true;
  }
  return false;
};

const historyAfter = (
  finals: readonly DemandHourly[],
  before: readonly HistoryDocument[],
): readonly ExpectedHistory[] => {
  const isReplaced = (document: HistoryDocument): boolean =>
    finals.some(
      (final) =>
        final.subLocationId === document.subLocationId && final.hour === document.timestamp.getTime(),
    );
  return [
    ...before
      .filter((document) => !isReplaced(document))
      .map(({ subLocationId, dayOfWeek, hour: hourOfDay, bookingsCount, demandPressure, timestamp }) => ({
        subLocationId,
        dayOfWeek,
        hour: hourOfDay,
        bookingsCount,
        demandPressure,
        timestamp,
      })),
    ...finals.map((final) => ({
      subLocationId: final.subLocationId,
      dayOfWeek: localHour(final.hour).dayOfWeek,
      hour: localHour(final.hour).hour,
      bookingsCount: final.bookingsCount,
      demandPressure: final.demandPressure,
      timestamp: new Date(final.hour),
    })),
  ];
};
