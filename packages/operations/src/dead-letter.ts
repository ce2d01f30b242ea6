import type { Header, Headers } from "@millrace/streams";
import type { Place } from "./place.ts";
import type { StoredRecord } from "./read-topic.ts";

const prefix = "__streams.errors.";
const reasonHeader = `${prefix}exception`;
const originalTimestampHeader = "millrace.original.timestamp";

/** The record that a dead letter was, as far as its headers tell. */
export interface DeadLetterSource {
  readonly topic: string;
  readonly partition: number;
  /** Undefined when the header is missing. */
  readonly offset: number | undefined;
}

/** A dead letter taken apart: what it says of the failure, and the record that it was before. */
export interface DeadLetter extends Place {
  readonly reason: string;
  readonly message: string;
  /** Empty where there is none. */
  readonly stacktrace: string;
  /** Undefined when the headers do not name a topic and a partition: somebody else's record. */
  readonly source: DeadLetterSource | undefined;
  /** When it was dead-lettered, ms. */
  readonly timestamp: number;
  /** What the record had before, ms; the dead letter's own where no header tells. */
  readonly originalTimestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Those that it came with. */
  readonly originalHeaders: Headers;
}

/**
 * A dead letter's own headers stand behind those that the record came with, which may have the same names: of a record
 * that was late, or read from another dead-letter topic. The last reason is where its own begin (KIP-1034's order too).
 */
export const deadLetterOf = (record: StoredRecord): DeadLetter => {
  const { partition, offset, timestamp, key, value, headers } = record;
  const begin = headers.findLastIndex(([name]) => name === reasonHeader);
  const given = begin < 0 ? [] : headers.slice(begin);
  const text = (name: string): string | undefined => given.find(([of]) => of === name)?.[1]?.toString("utf8");
  const own = given.filter((header) => isOwn(header));
  return {
    partition,
    offset,
    reason: text(reasonHeader) ?? "(none)",
    message: text(`${prefix}message`) ?? "",
    stacktrace: text(`${prefix}stacktrace`) ?? "",
    source: sourceOf(text),
    timestamp,
    originalTimestamp: wholeNumber(text(originalTimestampHeader)) ?? timestamp,
    key,
    value,
    originalHeaders: headers.filter((header) => !own.includes(header)),
  };
};

const isOwn = ([name]: Header): boolean => name.startsWith(prefix) || name === originalTimestampHeader;

const sourceOf = (text: (name: string) => string | undefined): DeadLetterSource | undefined => {
  const topic = text(`${prefix}topic`);
  const partition = wholeNumber(text(`${prefix}partition`));
  if (topic === undefined || topic === "" || partition === undefined) return undefined;
  return { topic, partition, offset: wholeNumber(text(`${prefix}offset`)) };
};

const wholeNumber = (text: string | undefined): number | undefined => {
  const value = Number(text);
  return text !== undefined && /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
};

/** `topic-partition offset N`. */
export const sourceText = (source: DeadLetterSource | undefined): string =>
  source === undefined
    ? "(unknown source)"
    : `${source.topic}-${source.partition}${source.offset === undefined ? "" : ` offset ${source.offset}`}`;
