import type { VersionedRecord } from "./versioned-store.ts";

export interface Version<V> {
  readonly timestamp: number;
  /** Undefined is a deletion. */
  readonly value: V | undefined;
}

/** The versions of one key, ascending. Never changed: a new one replaces it, so that it can be undone. */
export type History<V> = readonly Version<V>[];

/** Index of the version that is valid at a time; -1 when there is none. */
export const placeOf = <V>(history: History<V>, time: number): number => {
  let at = history.length - 1;
  while (at >= 0 && (history[at] as Version<V>).timestamp > time) at--;
  return at;
};

/** When a version ends, ms; infinite for the latest. */
export const endOf = <V>(history: History<V>, at: number): number =>
  history[at + 1]?.timestamp ?? Number.POSITIVE_INFINITY;

/** The history with one version more, in its place, or in that of one of the same time. */
export const withVersion = <V>(history: History<V>, version: Version<V>): History<V> => {
  const at = placeOf(history, version.timestamp);
  const same = history[at]?.timestamp === version.timestamp;
  return [...history.slice(0, same ? at : at + 1), version, ...history.slice(at + 1)];
};

/** What of a history can still be read, or decides about later puts, when nothing before `oldest` can. */
export const currentOf = <V>(history: History<V>, oldest: number): History<V> => {
  let first = 0;
  while (first < history.length - 1 && (history[first + 1] as Version<V>).timestamp <= oldest) first++;
  const only = first === history.length - 1 ? history[first] : undefined;
  if (only !== undefined && only.value === undefined && only.timestamp < oldest) return [];
  return first === 0 ? history : history.slice(first);
};

/** The version that was valid at `asOf`; the latest is always there, an earlier one not before `oldest`. */
export const versionAt = <V>(
  history: History<V>,
  asOf: number,
  oldest: number,
): VersionedRecord<V> | undefined => {
  const latest = history.at(-1);
  if (latest === undefined) return undefined;
  if (latest.timestamp <= asOf) return record(latest, Number.POSITIVE_INFINITY);
  if (asOf < oldest) return undefined;
  const at = placeOf(history, asOf);
  const version = history[at];
  return version === undefined ? undefined : record(version, endOf(history, at));
};

/** The versions that were valid at some time in `[from, to]`, ascending. */
export const versionsWithin = <V>(
  history: History<V>,
  from: number,
  to: number,
  oldest: number,
): readonly VersionedRecord<V>[] => {
  // What ended before the history that is kept can't be read; what is the latest always can.
  const since = Math.max(from, oldest);
  return history.flatMap((version, at) => {
    const end = endOf(history, at);
    return version.timestamp <= to && end > since ? (record(version, end) ?? []) : [];
  });
};

const record = <V>({ timestamp, value }: Version<V>, validTo: number): VersionedRecord<V> | undefined =>
  value === undefined ? undefined : { value, timestamp, validTo };
