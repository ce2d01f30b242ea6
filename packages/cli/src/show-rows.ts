import { oneLine, type StateRow, textTable } from "@millrace/operations";
import { jsonText } from "./json-text.ts";
import type { PayloadFormat } from "./payload-format.ts";

/** How the rows of a store are read. */
export interface RowFormat {
  readonly key: PayloadFormat;
  readonly value: PayloadFormat;
}

/** A row with its key and value in JSON. */
interface ShownRow extends Omit<StateRow, "key" | "value"> {
  readonly key: string;
  readonly value: string;
}

const shown = async (row: StateRow, { key, value }: RowFormat): Promise<ShownRow> => ({
  ...row,
  key: await key.read(row.key),
  value: row.value === null ? "null" : await value.read(row.value),
});

/** For machines, an object on a line; times in ms. A window has a `start`, a session a `start` and an inclusive `end`. */
export const rowJson = async (row: StateRow, format: RowFormat): Promise<string> => {
  const { key, value, partition, start, end, sequence, timestamp } = await shown(row, format);
  const place = jsonText({ partition, start, end, sequence, timestamp });
  return `${place.slice(0, -1)},"key":${key},"value":${value}}`;
};

/** For people, a page of rows; with a line of names above where it is the first. */
export const rowsText = async (
  rows: readonly StateRow[],
  format: RowFormat,
  first: boolean,
): Promise<readonly string[]> => {
  const all: ShownRow[] = [];
  for (const row of rows) all.push(await shown(row, format));
  const columns = [
    ...(all.some(({ start }) => start !== undefined) ? (["start"] as const) : []),
    ...(all.some(({ end }) => end !== undefined) ? (["end"] as const) : []),
  ];
  return textTable([
    ...(first
      ? [["PARTITION", "KEY", ...columns.map((column) => column.toUpperCase()), "TIME", "VALUE"]]
      : []),
    ...all.map((row) => [
      row.partition,
      oneLine(row.key),
      ...columns.map((column) => iso(row[column])),
      iso(row.timestamp),
      oneLine(row.value),
    ]),
  ]);
};

/** Times that no date can have are told as they are. */
const iso = (time: number | undefined): string => {
  if (time === undefined) return "";
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
};
