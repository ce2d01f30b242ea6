import { MillraceError } from "../../errors.ts";
import type { Header, Headers } from "../../record.ts";
import type { RecordPosition } from "../../topic.ts";

/** Header with the timestamp that a late or dead-lettered record had, ms since the epoch, as text. */
const originalTimestampHeader = "millrace.original.timestamp";

const text = (name: string, value: string): Header => [name, Buffer.from(value, "utf8")];

/** Characters of an error's text that are kept: the letter must not grow far beyond the record. */
const longestText = 4_096;

/** The headers of a dead letter (KIP-1034), after those that the record came with. */
export const deadLetterHeaders = (
  original: Headers,
  error: unknown,
  position: RecordPosition,
  timestamp: number,
): Headers => {
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof MillraceError ? error.code : cause.name;
  return [
    ...original,
    text("__streams.errors.exception", code),
    text("__streams.errors.message", cause.message.slice(0, longestText)),
    text("__streams.errors.stacktrace", (cause.stack ?? "").slice(0, longestText)),
    text("__streams.errors.topic", position.topic),
    text("__streams.errors.partition", String(position.partition)),
    text("__streams.errors.offset", String(position.offset)),
    text(originalTimestampHeader, String(timestamp)),
  ];
};

/** The headers of a late record: it is as it was, only its timestamp has become the time of writing. */
export const lateHeaders = (original: Headers, timestamp: number): Headers => [
  ...original,
  text(originalTimestampHeader, String(timestamp)),
];
