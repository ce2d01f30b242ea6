import { AvroError } from "../avro-error.ts";

/** How deeply recursive records may be nested; an object that contains itself would otherwise never end. */
const maxDepth = 1_000;

/** What a value can't be written for. One per compiled writer. */
export class Fit {
  readonly #name: string;
  #depth = 0;

  constructor(name: string) {
    this.#name = name;
  }

  begin(): void {
    this.#depth = 0;
  }

  enter(): void {
    if (++this.#depth > maxDepth)
      throw new AvroError(
        "DOES_NOT_FIT",
        `the value is no ${this.#name}: nested more than ${maxDepth} levels deep`,
      );
  }

  leave(): void {
    this.#depth--;
  }

  /** Throws DOES_NOT_FIT. */
  fail(value: unknown, expected: string, path: string): never {
    throw new AvroError(
      "DOES_NOT_FIT",
      `the value is no ${this.#name}: ${path} is ${shown(value)}, expected ${expected}`,
    );
  }
}

/** The one key of a wrapped value; undefined for any other value. */
export const keyOf = (value: unknown): string | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  const keys = Object.keys(value);
  return keys.length === 1 ? keys[0] : undefined;
};

const shown = (value: unknown): string => {
  if (typeof value === "string")
    return value.length > 40 ? `text of ${value.length} characters` : JSON.stringify(value);
  if (typeof value === "number" || typeof value === "boolean" || value == null) return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
};
