import { bsonNumber } from "@millrace/mongo";

/** A field of a document holds what it must not. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
}

/** The fields of a document from the database, by their path in it. Null counts as missing. */
export class DocumentReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;

  /** Throws a DocumentError unless it is an object. */
  constructor(document: unknown, path = "") {
    if (!isRecord(document)) throw new DocumentError(`${path || "the document"} is not an object`);
    this.#fields = document;
    this.#path = path;
  }

  /** Whether the field is there, be it null. */
  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name);
  }

  raw(name: string): unknown {
    return this.#fields[name] ?? undefined;
  }

  /** What a missing object holds is missing. */
  object(name: string): DocumentReader {
    return new DocumentReader(this.raw(name) ?? {}, this.#at(name));
  }

  objects(name: string): readonly DocumentReader[] {
    return this.list(name).map((entry, index) => new DocumentReader(entry, `${this.#at(name)}.${index}`));
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name) ?? [];
    if (!Array.isArray(value)) throw this.problem(name, "an array");
    return value;
  }

  /** May be NaN or infinite. */
  number(name: string): number | undefined {
    const value = this.raw(name);
    const number = bsonNumber(value);
    if (number === undefined && value !== undefined) throw this.problem(name, "a number");
    return number;
  }

  date(name: string): Date | null {
    const value = this.raw(name) ?? null;
    if (value === null || (value instanceof Date && !Number.isNaN(value.getTime()))) return value;
    throw this.problem(name, "a date or null");
  }

  /** To throw: what the field is, and what it must be. */
  problem(name: string, allowed: string): DocumentError {
    return new DocumentError(`${this.#at(name)} is ${shown(this.raw(name))}; it must be ${allowed}`);
  }

  #at(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => {
  if (value === undefined) return "missing";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return `${value}`;
  const number = bsonNumber(value);
  if (number !== undefined) return `${number}`;
  if (Array.isArray(value)) return "an array";
  return value instanceof Date ? "an invalid date" : "an object";
};
