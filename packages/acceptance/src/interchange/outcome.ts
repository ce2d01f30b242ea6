import type { Transport } from "@millrace/streams";
import { type PlainRecord, readRecords } from "./read-records.ts";

/** What an application left behind, in a form that two can be compared in. */
export type Outcome = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const shown = (value: string | null): string => (value === null ? "null" : JSON.stringify(value));

/**
 * With its cache off the JVM tells sessions without headers. Results without a match have those of the record that came when
 * they were told, which the JVM forgets to do for some records after a start.
 */
const withoutHeaders = new Set(["sessions", "stream-stream-left", "stream-stream-outer"]);

const output = ({ value, timestamp, headers }: PlainRecord, topology: string): string =>
  `${shown(value)} @${timestamp}${withoutHeaders.has(topology) ? "" : ` [${headers}]`}`;

/** Results of these come in the order of looking for them, which nothing but the engine decides. */
const unordered = new Set(["stream-stream-left", "stream-stream-outer"]);

/** Which side of these comes first is up to the topics between: only the last value of each key is the same, not its time. */
const settling = new Set(["foreign-key", "foreign-key-left"]);

/** Every output of each key, in order, by topology. */
export const outputs = async (
  transport: Transport,
  applicationId: string,
  names: readonly string[],
): Promise<Outcome> => {
  const found: Record<string, Record<string, string[]>> = {};
  for (const name of names) found[name] = {};
  const topics = names.map((name) => `${applicationId}-${name}`);
  for (const record of await readRecords(transport, topics)) {
    const topology = record.topic.slice(applicationId.length + 1);
    const ofTopology = found[topology] ?? {};
    const key = JSON.stringify(record.key);
    if (settling.has(topology)) ofTopology[key] = [shown(record.value)];
    else (ofTopology[key] ??= []).push(output(record, topology));
  }
  for (const name of names)
    if (unordered.has(name)) for (const all of Object.values(found[name] ?? {})) all.sort();
  return found;
};

/**
 * Bytes at the end of a changelog's key that say when: of windows start and sequence number, of sessions end and start.
 * Rows of windows that have expired stay there until the broker deletes them, unless Millrace does.
 */
const times: readonly { readonly store: RegExp; readonly at: number; readonly keptMs: number }[] = [
  { store: /^(tumbling|hopping|sliding|suppressed-windows)$/, at: -12, keptMs: 130 },
  { store: /^sessions$/, at: -16, keptMs: 150 },
  { store: /-(this|other)-join-store$/, at: -12, keptMs: 30 },
];

/** A join's rows bear a number that each life of a store begins anew. */
const withoutSequence = /-(this|other)-join-store$|-Buffer$/;

/** What waits is written with the wall clock's time on the JVM. Nobody reads it. */
const withoutTime = /^(closed-windows|held-rows)-store$|-Buffer$|^fkl?-joined$/;

/** Of the headers the format's version is read alone; the JVM writes those of records, too, in some stores. */
const row = ({ value, timestamp, headers }: PlainRecord, store: string): string =>
  `${shown(value)} ${withoutTime.test(store) ? "" : `@${timestamp} `}[${headers.startsWith("v=") ? headers : ""}]`;

/** The rows that its changelogs hold, by store and key. */
export const state = async (transport: Transport, applicationId: string): Promise<Outcome> => {
  const prefix = `${applicationId}-`;
  const topics = (await transport.listTopics()).filter(
    (topic) => topic.startsWith(prefix) && topic.endsWith("-changelog"),
  );
  const latest = new Map<string, Map<string, PlainRecord>>(topics.map((topic) => [topic, new Map()]));
  for (const record of await readRecords(transport, topics)) {
    const rows = latest.get(record.topic);
    const key = record.key ?? "null";
    if (record.value === null) rows?.delete(key);
    else rows?.set(key, record);
  }
  const found: Record<string, Record<string, string[]>> = {};
  for (const [topic, rows] of latest) {
    const store = topic.slice(prefix.length, -"-changelog".length);
    const ofStore: Record<string, string[]> = (found[store] = {});
    const expiry = times.find((one) => one.store.test(store));
    const timeOf = (key: string): number =>
      expiry === undefined ? 0 : Number(Buffer.from(key, "latin1").readBigInt64BE(key.length + expiry.at));
    const newest = Math.max(...[...rows.keys()].map(timeOf));
    for (const [key, record] of rows) {
      if (expiry !== undefined && timeOf(key) < newest - expiry.keptMs) continue;
      const known = withoutSequence.test(store) ? key.slice(0, -4) : key;
      (ofStore[JSON.stringify(known)] ??= []).push(row(record, store));
    }
    for (const all of Object.values(ofStore)) all.sort();
  }
  return found;
};
