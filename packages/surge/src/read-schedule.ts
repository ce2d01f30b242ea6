import { bsonNumber } from "@millrace/mongo";
import { clockTime } from "./clock-time.ts";
import type { DocumentReader } from "./document-reader.ts";
import type { Schedule, TimeWindow } from "./time-windows.ts";

/** The dates and windows of a config; throws a DocumentError. */
export const readSchedule = (fields: DocumentReader): Schedule => ({
  effectiveFrom: fields.date("effectiveFrom"),
  effectiveTo: fields.date("effectiveTo"),
  timeWindows: fields.objects("timeWindows").map(readTimeWindow),
});

const readTimeWindow = (fields: DocumentReader): TimeWindow => {
  const time = (name: string): string => {
    const value = fields.raw(name);
    if (typeof value !== "string" || clockTime(value) === undefined) throw fields.problem(name, '"HH:MM"');
    return value;
  };
  const daysOfWeek = fields.list("daysOfWeek").map(bsonNumber);
  if (!daysOfWeek.every(isDayOfWeek)) throw fields.problem("daysOfWeek", "days from 0, Sunday, to 6");
  const startTime = time("startTime");
  if (startTime === "24:00") throw fields.problem("startTime", '"HH:MM", "00:00" for midnight');
  return { daysOfWeek, startTime, endTime: time("endTime") };
};

const isDayOfWeek = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 0 && value <= 6;
