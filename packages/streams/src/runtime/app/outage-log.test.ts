import { expect, test } from "vitest";
import type { HealthEvent } from "../../transport/health-event.ts";
import { outageLog } from "./outage-log.ts";

const told = (event: Partial<HealthEvent>): readonly string[] => {
  const lines: string[] = [];
  const tell = outageLog((level, message) => lines.push(`${level} ${message}`));
  for (const state of ["unreachable", "reachable"] as const)
    tell({ broker: "", node: -1, request: 'the coordinator of group "g"', sinceMs: 2_952, ...event, state });
  return lines;
};

test("names the broker that does not answer", () => {
  expect(told({ broker: "b:9092", node: 2, request: "Fetch" })).toEqual([
    "warn broker b:9092 (node 2) has not answered Fetch for 3.0 s",
    "info broker b:9092 (node 2) answers again, after 3.0 s",
  ]);
});

test("names no broker where it is none's fault", () => {
  expect(told({})).toEqual([
    'warn not done for 3.0 s, and tried again: the coordinator of group "g"',
    'info done after 3.0 s: the coordinator of group "g"',
  ]);
});
