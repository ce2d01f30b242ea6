import type { SchemaRegistryOptions } from "@millrace/avro";
import { missing, rangesOf } from "./choice.ts";
import { type DeadLetter, sourceText } from "./dead-letter.ts";
import type { DeadLetterTopic } from "./dead-letter-topic.ts";
import { decodeAvro } from "./decode-avro.ts";
import { hexDump } from "./hex-dump.ts";
import { type Place, placeText } from "./place.ts";
import { bytesText, oneLine, printableLines } from "./printable.ts";
import { textTable } from "./text-table.ts";
import { timeText } from "./time-text.ts";

/** Throws MISSING_DEAD_LETTER when there is none. */
export const findDeadLetter = async (topic: DeadLetterTopic, place: Place): Promise<DeadLetter> => {
  for await (const letters of topic.read(
    rangesOf({ by: "place", places: [place] }, topic.name, topic.ranges),
  ))
    for (const letter of letters) if (letter.offset === place.offset) return letter;
  throw missing(
    place,
    topic.name,
    "that offset holds no record: a transaction's mark, or one that was aborted",
  );
};

/** One letter for people: what failed, where it came from, the record decoded as far as it goes, and its bytes. */
export const deadLetterText = async (
  topic: DeadLetterTopic,
  letter: DeadLetter,
  registry: SchemaRegistryOptions | undefined,
): Promise<readonly string[]> => {
  const { reason, message, source, timestamp, originalTimestamp, key, value, originalHeaders } = letter;
  return [
    ...textTable([
      ["dead letter", `${placeText(letter)} of ${topic.name}`],
      ["reason", oneLine(reason)],
      ["came from", oneLine(sourceText(source))],
      ["its time", timeText(originalTimestamp)],
      ["dead since", timeText(timestamp)],
      ["replayed", topic.wasReplayed(letter) ? "yes" : "no"],
      ["key", bytesText(key)],
      ...originalHeaders.map(([name, bytes]) => ["header", `${oneLine(name)}: ${bytesText(bytes)}`]),
    ]),
    "",
    ...printableLines(letter.stacktrace || message),
    "",
    ...(value === null ? ["value: null"] : await valueText(value, registry)),
  ];
};

const valueText = async (
  value: Buffer,
  registry: SchemaRegistryOptions | undefined,
): Promise<readonly string[]> => {
  const text = registry === undefined ? undefined : await decodeAvro(value, registry);
  const hint =
    registry === undefined && value[0] === 0
      ? ["(it may be Avro: --registry URL or SCHEMA_REGISTRY_URL decodes it)"]
      : [];
  return [`value: ${value.length} bytes`, ...(text ?? hint), ...hexDump(value)];
};
