export { avroJson } from "./avro-json.ts";
export { changelogRows, type RowChoice, type StateRow } from "./changelog-rows.ts";
export { type Choice, isChosen, type LetterFilter } from "./choice.ts";
export { type DeadLetter, type DeadLetterSource, sourceText } from "./dead-letter.ts";
export { DeadLetterTopic } from "./dead-letter-topic.ts";
export { counted } from "./counted.ts";
export { decodeAvro } from "./decode-avro.ts";
export { type GroupOffset, groupOffsets } from "./group-offsets.ts";
export { hexDump } from "./hex-dump.ts";
export {
  countReason,
  type DeadLetterList,
  listDeadLetters,
  listJson,
  listText,
  type ReasonCount,
} from "./list-dead-letters.ts";
export { isGroup, noGroup } from "./known-group.ts";
export { type Place, placeText } from "./place.ts";
export { bytesText, oneLine } from "./printable.ts";
export { committedRanges, type OffsetRange, readRecords, type StoredRecord } from "./read-topic.ts";
export { ledgerTopicOf } from "./replay-ledger.ts";
export { type Replay, replay, type ReplayResult } from "./replay.ts";
export { planReset, type Reset, reset, type ResetPlan, type ResetTarget } from "./reset.ts";
export { deadLetterText, findDeadLetter } from "./show-dead-letter.ts";
export { textTable } from "./text-table.ts";
