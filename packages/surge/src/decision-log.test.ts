import { expect, test } from "vitest";
import { decide, type DecideInputs } from "./decide.ts";
import { decisionLog } from "./decision-log.ts";
import { metricOrder } from "./metric-order.ts";
import { readSurgeConfig } from "./read-surge-config.ts";

const hour = Date.parse("2026-03-02T10:00:00Z");
const order = metricOrder(hour, [{ final: true, timestamp: hour, offset: 7 }]);
const document = {
  _id: { toHexString: () => "65a9876543210fedcba98765" },
  name: "Evenings",
  isActive: true,
  appliesTo: { level: "SUBLOCATION", entityId: "hall" },
  demandSupplyParams: { currentSupply: 40 },
};
const logged = (change: object = {}, inputs: Partial<DecideInputs> = {}, dryRun = false) => {
  const config = readSurgeConfig({ ...document, ...change });
  const decision = decide({
    demand: {
      hour,
      bookingsCount: 15,
      availableCapacity: 100,
      demandPressure: 15,
      historicalAvgPressure: 1.2,
      historySamples: 4,
      timestamp: hour,
      order,
    },
    config,
    now: hour,
    timeZone: "UTC",
    policy: { enabled: true, dryRun, smoothing: "none", deadband: undefined, maxStep: undefined },
    previousMultiplier: undefined,
    ...inputs,
  });
  return decisionLog({ config, hour, decision, dryRun });
};
const head =
  'surge config 65a9876543210fedcba98765 "Evenings" (SUBLOCATION hall), from 2026-03-02T11:00:00.000Z: ';

test("tells which inputs gave which multiplier", () => {
  const { message, fields } = logged();
  expect(message).toBe(
    `${head}draft multiplier 1.7577: factor 1.7577 = 1 + 0.3 × ln(15 / 1.2) within [0.75, 1.8], ` +
      "of 15 bookings, capacity 100, supply 40, mean of 4 hours",
  );
  expect(JSON.parse(JSON.stringify(fields))).toMatchObject({
    surgeConfigId: "65a9876543210fedcba98765",
    appliesTo: "SUBLOCATION",
    entityId: "hall",
    hour: "2026-03-02T10:00:00.000Z",
    effectiveFrom: "2026-03-02T11:00:00.000Z",
    dryRun: false,
    outcome: "draft",
    params: { currentDemand: 15 },
    inputs: { pressure: 15, historicalAvgPressure: 1.2, multiplier: 1 + 0.3 * Math.log(15 / 1.2) },
  });
});

test("tells what smoothed it", () => {
  const policy = {
    enabled: true,
    dryRun: false,
    smoothing: "ema",
    deadband: undefined,
    maxStep: 0.1,
  } as const;
  expect(logged({}, { policy, previousMultiplier: 1 }).message).toContain(
    "multiplier 1.1, by ema and maxStep after 1: factor 1.7577",
  );
});

test("marks a dry run", () => {
  const { message, fields } = logged({}, {}, true);
  expect(message).toBe(`dry run: ${logged().message}`);
  expect(fields).toMatchObject({ dryRun: true });
});

test("tells why a config is skipped", () => {
  const { message, fields } = logged({ demandSupplyParams: {} });
  expect(message).toBe(
    `${head}skipped: noSupply, demandSupplyParams.currentSupply must be above 0; it is set by hand`,
  );
  expect(fields).toMatchObject({ outcome: "skipped", reason: "noSupply" });
});

test("tells what is wrong with a config, also with one without an id", () => {
  const { message, fields } = logged({ surgeParams: { minMultiplier: 2 } });
  expect(message).toContain("skipped: invalidSurgeParams, surgeParams.maxMultiplier is missing");
  expect(fields).toMatchObject({ problem: expect.stringContaining("surgeParams.maxMultiplier") });
  expect(logged({ _id: null }).message).toContain("surge config without an id, from");
});

test("tells that there are params without a draft", () => {
  const written = { draft: { approvalStatus: "APPROVED" } };
  expect(logged({}, { written }).message).toBe(
    `${head}demand 15, no draft: ratesheetNotDraft, the ratesheet is not DRAFT any more`,
  );
});
