import type {
  App,
  KeyValueStoreDefinition,
  Serde,
  SessionStoreDefinition,
  VersionedStoreDefinition,
  WindowStoreDefinition,
} from "@millrace/streams";
import { badQuery, endOfTime, type StoreQuestion } from "./store-question.ts";
import { storeOf, type TopologyStore } from "./store-of.ts";
import { textKeys } from "./text-keys.ts";

/** A row of a store, as `/stores/<application>/<store>` answers it: key and value in JSON. Times in ms. */
export interface StoreRow {
  readonly key: unknown;
  readonly value: unknown;
  /** Of a window or session, or the time from which a version is valid. */
  readonly start?: number;
  /** Of a session, inclusive; of a version, exclusive. */
  readonly end?: number;
  /** Event time of what wrote it last, where the store tells. */
  readonly timestamp?: number;
}

/** The rows of a store that a question asks for, one by one. Throws a MillraceError that says why it can't be. */
export const storeRows = (app: App, name: string, question: StoreQuestion): Iterable<StoreRow> => {
  const { kind, key } = storeOf(app.topology, name);
  mustFit(kind, name, question);
  const asked = { app, name, question, keys: keysOf(key, name, question) };
  switch (kind) {
    case "keyValue":
      return keyValueRows(asked, key);
    case "window":
      return windowRows(asked);
    case "session":
      return sessionRows(asked);
    case "versioned":
      return versionedRows(asked);
    case "join":
      throw badQuery(`store "${name}" holds one side of a stream-stream join, which can't be browsed`);
  }
};

/** What a kind of store has no answer to is refused: it would look like one. */
const mustFit = (kind: TopologyStore["kind"], name: string, question: StoreQuestion): void => {
  const useless = kind === "keyValue" ? (["after", "before"] as const) : (["prefix", "from", "to"] as const);
  for (const parameter of useless)
    if (question[parameter] !== undefined)
      throw badQuery(
        kind === "keyValue"
          ? `"${parameter}" is no question to store "${name}", which knows no times`
          : `"${parameter}" is no question to store "${name}", which has a time for each key: ask for a key, or by time`,
      );
};

interface Asked {
  readonly app: App;
  readonly name: string;
  readonly question: StoreQuestion;
  /** What `key` can stand for; undefined where no key is given. */
  readonly keys: readonly unknown[] | undefined;
}

const keysOf = (
  serde: Serde<unknown>,
  name: string,
  { key }: StoreQuestion,
): readonly unknown[] | undefined => {
  if (key === undefined) return undefined;
  const keys = textKeys(serde, key);
  if (keys.length === 0) throw noKey(serde, name, key);
  return keys;
};

const noKey = (serde: Serde<unknown>, name: string, text: string) =>
  badQuery(`"${text}" is no key of store "${name}", whose keys are of the serde ${serde.name}`);

const keyValueRows = (asked: Asked, serde: Serde<unknown>): Iterable<StoreRow> => {
  const { app, name, question, keys } = asked;
  const { from, to, prefix, reverse, isolation } = question;
  const store = app.store<KeyValueStoreDefinition>(name, { isolation });
  if (keys !== undefined)
    return keys
      .map((key) => ({ key, value: store.get(key) }))
      .filter(({ value }) => value !== undefined)
      .slice(0, 1);
  if (prefix !== undefined) {
    const found = entries(store.prefixScan(prefixBytes(prefix)));
    return reverse ? lastFirst(found, question.limit) : found;
  }
  if (from === undefined && to === undefined) return entries(reverse ? store.reverseAll() : store.all());
  const bound = (text: string | undefined): unknown => {
    if (text === undefined) return undefined;
    const [key] = textKeys(serde, text);
    if (key === undefined) throw noKey(serde, name, text);
    return key;
  };
  const bounds = [bound(from), bound(to)] as const;
  return entries(reverse ? store.reverseRange(...bounds) : store.range(...bounds));
};

const prefixBytes = (text: string): Uint8Array =>
  /^0x(?:[\da-f]{2})+$/i.test(text) ? Buffer.from(text.slice(2), "hex") : Buffer.from(text, "utf8");

/** The last ones, and one more where there are more: of rows that a store reads in one direction alone. */
const lastFirst = <R>(rows: Iterable<R>, limit: number): readonly R[] => {
  let kept: R[] = [];
  for (const row of rows) {
    kept.push(row);
    if (kept.length > 2 * limit + 2) kept = kept.slice(-limit - 1);
  }
  return kept.slice(-limit - 1).toReversed();
};

function* entries(found: Iterable<readonly [key: unknown, value: unknown]>): Generator<StoreRow> {
  for (const [key, value] of found) yield { key, value };
}

const windowRows = ({ app, name, question, keys }: Asked): Iterable<StoreRow> => {
  const { after = -endOfTime, before = endOfTime, reverse, isolation } = question;
  const store = app.store<WindowStoreDefinition>(name, { isolation });
  if (keys === undefined)
    return reverse ? store.backwardFetchAll(after, before) : store.fetchAll(after, before);
  return of(keys, (key) =>
    reverse ? store.backwardFetch(key, after, before) : store.fetch(key, after, before),
  );
};

const sessionRows = ({ app, name, question, keys }: Asked): Iterable<StoreRow> => {
  const { after = -endOfTime, before = endOfTime, reverse, isolation } = question;
  const store = app.store<SessionStoreDefinition>(name, { isolation });
  if (keys === undefined) {
    const found = store.fetchAll(after, before);
    return reverse ? lastFirst(found, question.limit) : found;
  }
  return of(keys, (key) => between(reverse ? store.backwardFetch(key) : store.fetch(key), after, before));
};

function* between<R extends { readonly end: number }>(
  rows: Iterable<R>,
  after: number,
  before: number,
): Generator<R> {
  for (const row of rows) if (row.end >= after && row.end <= before) yield row;
}

const versionedRows = ({ app, name, question, keys }: Asked): Iterable<StoreRow> => {
  const { after = -endOfTime, before = endOfTime, reverse, isolation } = question;
  if (keys === undefined)
    throw badQuery(`store "${name}" keeps versions of each key: say which key, its rows are not in order`);
  const store = app.store<VersionedStoreDefinition>(name, { isolation });
  return of(keys, (key) =>
    [...(reverse ? store.backwardFetch(key, after, before) : store.fetch(key, after, before))].map(
      ({ value, timestamp, validTo }) => ({ key, value, timestamp, start: timestamp, end: validTo }),
    ),
  );
};

/** Rows of the first of these keys that has some. */
const of = (keys: readonly unknown[], rows: (key: unknown) => Iterable<StoreRow>): readonly StoreRow[] => {
  for (const key of keys) {
    const found = [...rows(key)];
    if (found.length > 0) return found;
  }
  return [];
};
