import {
  changelogRow,
  MillraceError,
  type RawRow,
  type StoreDefinition,
  type Transport,
} from "@millrace/streams";
import { counted } from "./counted.ts";
import { committedRanges, readRecords, type StoredRecord } from "./read-topic.ts";

/** A row of a store, as bytes, and the partition that it is in. */
export interface StateRow extends RawRow {
  readonly partition: number;
}

/** Which rows are wanted. */
export interface RowChoice {
  /** Partitions; all unless said. */
  readonly partitions?: readonly number[] | undefined;
  /** Asked for the key's bytes, without what a window adds to them; all keys unless said. */
  readonly matches?: ((key: Buffer) => boolean) | undefined;
}

/**
 * The rows that a changelog, or any compacted topic, makes: of each key the last committed record, and none where that
 * deletes it; of a versioned store every version that the topic still has, oldest first. A partition at a time, by the bytes
 * of the changelog's keys; what is wanted of one partition is held in memory. Throws a MillraceError MISSING_TOPIC,
 * PARTITION_UNKNOWN, and RESTORE where the topic is none of such a store.
 */
export async function* changelogRows(
  transport: Transport,
  topic: string,
  kind: StoreDefinition["kind"],
  { partitions, matches = () => true }: RowChoice = {},
): AsyncGenerator<StateRow> {
  const described = (await transport.describeTopics([topic])).get(topic);
  if (described === undefined)
    throw new MillraceError(`topic "${topic}" does not exist on these brokers`, { code: "MISSING_TOPIC" });
  const absent = partitions?.find((partition) => partition >= described.partitions);
  if (absent !== undefined)
    throw new MillraceError(
      `topic "${topic}" has no partition ${absent}: it has ${counted(described.partitions, "partition")}, from 0`,
      { code: "PARTITION_UNKNOWN" },
    );
  const ranges = await committedRanges(transport, topic, described.partitions);
  for (const range of ranges) {
    const { partition } = range;
    if (partitions !== undefined && !partitions.includes(partition)) continue;
    const last = new Map<string, readonly RawRow[]>();
    for await (const records of readRecords(transport, topic, [range]))
      for (const record of records) take(last, record, kind, matches);
    for (const [, rows] of [...last].toSorted(([a], [b]) => (a < b ? -1 : 1)))
      for (const row of rows) yield { ...row, partition };
  }
}

const take = (
  last: Map<string, readonly RawRow[]>,
  { key, value, timestamp }: StoredRecord,
  kind: StoreDefinition["kind"],
  matches: (key: Buffer) => boolean,
): void => {
  // No store writes one; but somebody's tool may have.
  if (key === null || !matches(changelogRow(kind, { key, value: null, timestamp }).key)) return;
  const name = key.toString("latin1");
  if (value === null && kind !== "versioned") {
    last.delete(name);
    return;
  }
  // Copies: what was fetched with it need not stay.
  const row = changelogRow(kind, { key: Buffer.from(key), value: value && Buffer.from(value), timestamp });
  last.set(name, kind === "versioned" ? withVersion(last.get(name) ?? [], row) : [row]);
};

/** A later record of the same time says it anew. */
const withVersion = (versions: readonly RawRow[], version: RawRow): readonly RawRow[] =>
  [...versions.filter(({ timestamp }) => timestamp !== version.timestamp), version].toSorted(
    (a, b) => a.timestamp - b.timestamp,
  );
