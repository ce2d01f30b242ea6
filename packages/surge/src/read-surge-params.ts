import type { DocumentReader } from "./document-reader.ts";
import { defaultSurgeParams, type SurgeParams } from "./surge-params.ts";

/** The surgeParams of a config, with defaults; throws a DocumentError if they give no usable multiplier. */
export const readSurgeParams = (fields: DocumentReader): SurgeParams => {
  const read = (name: keyof SurgeParams, allowed: string, isAllowed: (value: number) => boolean): number => {
    const value = fields.number(name) ?? defaultSurgeParams[name];
    if (!Number.isFinite(value) || !isAllowed(value)) throw fields.problem(name, allowed);
    return value;
  };
  const alpha = read("alpha", "0 or more", notNegative);
  const minMultiplier = read("minMultiplier", "0 or more", notNegative);
  const maxMultiplier = read(
    "maxMultiplier",
    `${minMultiplier}, the minMultiplier, or more`,
    (value) => value >= minMultiplier,
  );
  const emaAlpha = read("emaAlpha", "above 0 and at most 1", (value) => value > 0 && value <= 1);
  return { alpha, minMultiplier, maxMultiplier, emaAlpha };
};

const notNegative = (value: number): boolean => value >= 0;
