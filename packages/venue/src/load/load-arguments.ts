import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { MillraceError } from "@millrace/streams";
import { type BookingLoadOptions, type Scenario, scenarios, spanOf } from "./booking-load.ts";
import { instant } from "./instant.ts";

/** What the load generator was called with. */
export interface LoadArguments extends BookingLoadOptions {
  readonly scenario: Scenario;
  /** How many times faster than life. */
  readonly speed: number;
  /** Whether the bookings are those of an earlier run too. */
  readonly seedGiven: boolean;
}

/**
 * Reads them; "help" and "version" if these are asked for. Throws a MillraceError `USAGE` with what is allowed. Without
 * a seed each run has bookings of its own.
 */
export const loadArguments = (
  given: readonly string[],
  now: number = Date.now(),
): LoadArguments | "help" | "version" => {
  const values = parsed(given);
  if (values.help) return "help";
  if (values.version) return "version";
  const { scenario, sublocation, location, seed, start } = values;
  if (!isScenario(scenario))
    throw usage(
      `--scenario is ${scenario === undefined ? "missing" : `"${scenario}"`}; it must be one of ${Object.keys(scenarios).join(", ")}`,
    );
  if (sublocation === undefined || sublocation.trim() === "")
    throw usage("--sublocation is missing; it must be an id");
  if (location !== undefined && location.trim() === "") throw usage("--location is empty; it must be an id");
  return {
    scenario,
    subLocationId: sublocation,
    locationId: location,
    speed: speedOf(values.speed),
    start: start === undefined ? now - spanOf(scenario) : startOf(start),
    seed: seed === undefined ? randomInt(mostSeed + 1) : seedOf(seed),
    seedGiven: seed !== undefined,
  };
};

const parsed = (given: readonly string[]) => {
  try {
    return parseArgs({
      args: [...given],
      options: {
        scenario: { type: "string" },
        sublocation: { type: "string" },
        location: { type: "string" },
        speed: { type: "string", default: "3600" },
        start: { type: "string" },
        seed: { type: "string" },
        help: { type: "boolean", default: false },
        version: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw usage(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
};

const isScenario = (name: string | undefined): name is Scenario =>
  name !== undefined && Object.hasOwn(scenarios, name);

const speedOf = (text: string): number => {
  const value = Number(text);
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text) || !(value > 0))
    throw usage(`--speed is "${text}"; it must be a number above 0, such as 3600 or 0.5`);
  return value;
};

const startOf = (text: string): number => {
  const ms = instant(text);
  if (ms === undefined)
    throw usage(
      `--start is "${text}"; it must be an ISO time with its zone, such as 2026-01-31T08:00:00Z or ` +
        "2026-01-31T09:00:00+01:00, or milliseconds since 1970",
    );
  return ms;
};

/** Seeds have 32 bits. */
const mostSeed = 2 ** 32 - 1;

const seedOf = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > mostSeed)
    throw usage(`--seed is "${text}"; it must be a whole number from 0 to ${mostSeed}`);
  return value;
};

const usage = (message: string): MillraceError => new MillraceError(message, { code: "USAGE" });
