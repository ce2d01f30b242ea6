export type { Choice } from "./choice.ts";
export type { DeadLetter, DeadLetterSource } from "./dead-letter.ts";
export { DeadLetterTopic } from "./dead-letter-topic.ts";
export { type DeadLetterList, listDeadLetters, type ReasonCount } from "./list-dead-letters.ts";
export type { Place } from "./place.ts";
export { type Replay, replay, type ReplayResult } from "./replay.ts";
