import { bytes as rawBytes } from "../serdes/bytes.ts";
import type { ByteStore } from "./byte-store.ts";
import { historySerde } from "./history-serde.ts";
import { readInt64 } from "./int64.ts";
import { readKeyedRowKey } from "./keyed-row-bytes.ts";
import type { RawRow } from "./raw-row.ts";
import { readRowBytes } from "./row-bytes.ts";
import type { StoreDefinition } from "./store-definition.ts";

type Kept = Pick<ByteStore, "range">;
type KeptRows = (kept: Kept) => Iterable<RawRow>;

/** Rows of all kinds but those of windows begin with it; marks and indexes begin otherwise. */
const rowMark = 0;
const rows = [Buffer.of(rowMark), Buffer.of(rowMark + 1)] as const;
/** Windows begin with their starts, which are not negative. */
const windows = [undefined, Buffer.of(0x80)] as const;
const timeLength = 8;

const raw = rawBytes();
const histories = historySerde(raw);
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
const valueOf = (bytes: Uint8Array): { readonly value: Buffer; readonly timestamp: number } =>
  readRowBytes(bytes, (source, start, end) => source.subarray(start, end));

function* keyValueRows(kept: Kept): Iterable<RawRow> {
  for (const [key, bytes] of kept.range(...rows, false))
    yield { ...plain, key: asBuffer(key).subarray(1), ...valueOf(bytes) };
}

function* windowRows(kept: Kept): Iterable<RawRow> {
  for (const [at, bytes] of kept.range(...windows, false)) {
    const source = asBuffer(at);
    yield {
      ...plain,
      key: source.subarray(timeLength),
      start: readInt64(source, 0),
      ...valueOf(bytes),
    };
  }
}

function* sessionRows(kept: Kept): Iterable<RawRow> {
  for (const [at, bytes] of kept.range(...rows, false)) {
    const { key, time, rank } = readKeyedRowKey(at);
    yield { ...plain, key: asBuffer(key), start: rank, end: time, ...valueOf(bytes) };
  }
}

function* joinRows(kept: Kept): Iterable<RawRow> {
  for (const [at, bytes] of kept.range(...rows, false)) {
    const { key, time, rank } = readKeyedRowKey(at);
    yield { ...plain, key: asBuffer(key), start: time, sequence: rank, ...valueOf(bytes) };
  }
}

function* versionedRows(kept: Kept): Iterable<RawRow> {
  for (const [at, bytes] of kept.range(...rows, false)) {
    const key = asBuffer(at).subarray(1);
    for (const { timestamp, value } of readRowBytes(bytes, histories.deserialize).value)
      yield { ...plain, key, timestamp, value: value === undefined ? null : asBuffer(value) };
  }
}

const plain = { start: undefined, end: undefined, sequence: undefined };

const readers: Readonly<Record<StoreDefinition["kind"], KeptRows>> = {
  keyValue: keyValueRows,
  window: windowRows,
  session: sessionRows,
  join: joinRows,
  versioned: versionedRows,
};

/**
 * The rows that a store of that kind keeps in a byte store, as bytes and in its order: by key, of windows by start and key,
 * of sessions and joins by the length of the key first. All versions of a versioned store, oldest first.
 */
export const keptRows = (kind: StoreDefinition["kind"], kept: Pick<ByteStore, "range">): Iterable<RawRow> =>
  readers[kind](kept);
