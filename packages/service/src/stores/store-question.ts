import { MillraceError } from "@millrace/streams";
import { zonedTime } from "../settings/zoned-time.ts";

/** What `/stores/<application>/<store>` is asked: the parameters behind its question mark. Times in ms since the epoch. */
export interface StoreQuestion {
  /** Rows of this key alone. */
  readonly key: string | undefined;
  /** Rows whose keys begin with this text, or with these bytes where it is `0x…`. */
  readonly prefix: string | undefined;
  /** Keys in `[from, to]`, by their bytes. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Windows and versions that start, and sessions that end, in `[after, before]`. */
  readonly after: number | undefined;
  readonly before: number | undefined;
  /** At most so many rows. */
  readonly limit: number;
  /** The last first. */
  readonly reverse: boolean;
  readonly isolation: "committed" | "uncommitted";
}

/** The earliest and the latest time that a Date can have. */
export const endOfTime = 8.64e15;
const mostRows = 1_000;

/** Reads them. Throws a MillraceError `BAD_QUERY` that names the parameter. */
export const storeQuestion = (given: URLSearchParams): StoreQuestion => {
  for (const name of given.keys())
    if (!known.has(name)) throw wrong(name, `is no parameter; there is ${[...known].join(", ")}`);
  mustChooseOnce(given);
  const text = (name: string): string | undefined => given.get(name) ?? undefined;
  const after = time(given, "after");
  const before = time(given, "before");
  if (after !== undefined && before !== undefined && after > before)
    throw wrong("before", `is "${text("before")}", which is earlier than "after"`);
  return {
    key: text("key"),
    prefix: text("prefix"),
    from: text("from"),
    to: text("to"),
    after,
    before,
    limit: limitOf(given),
    reverse: flag(given, "reverse"),
    isolation: flag(given, "uncommitted") ? "uncommitted" : "committed",
  };
};

/** The ways to say which keys, of which a question can have one; a range has two ends. */
const choices = [["key"], ["prefix"], ["from", "to"]] as const;

const mustChooseOnce = (given: URLSearchParams): void => {
  for (const name of new Set(given.keys()))
    if (given.getAll(name).length > 1) throw wrong(name, "is given more than once");
  const chosen = choices.flatMap((names) => names.filter((name) => given.has(name)).slice(0, 1));
  if (chosen.length > 1)
    throw wrong(chosen.slice(1).join('", "'), `can't be asked together with "${chosen[0]}"`);
};

const known = new Set(["key", "prefix", "from", "to", "after", "before", "limit", "reverse", "uncommitted"]);

const time = (given: URLSearchParams, name: string): number | undefined => {
  const text = given.get(name);
  if (text === null) return undefined;
  const ms = /^-?\d+$/.test(text) ? Number(text) : zonedTime(text);
  if (ms === undefined || Math.abs(ms) > endOfTime)
    throw wrong(name, `is "${text}"; it must be ms since the epoch, or a time such as 2026-03-02T10:00:00Z`);
  return ms;
};

const limitOf = (given: URLSearchParams): number => {
  const text = given.get("limit") ?? "50";
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > mostRows)
    throw wrong("limit", `is "${text}"; it must be a whole number from 1 to ${mostRows}`);
  return limit;
};

const flag = (given: URLSearchParams, name: string): boolean => {
  const text = given.get(name) ?? "false";
  if (text !== "true" && text !== "false") throw wrong(name, `is "${text}"; it must be true or false`);
  return text === "true";
};

const wrong = (name: string, what: string): MillraceError => badQuery(`"${name}" ${what}`);

/** A store can't be asked this; the message says what to ask instead. */
export const badQuery = (message: string): MillraceError => new MillraceError(message, { code: "BAD_QUERY" });
