import type { Topic } from "./topic.ts";

/** Names of topics that are known only while an application runs (`StreamsBuilder.stream(Pattern)`). */
export interface TopicPattern {
  /** As the user wrote it, without slashes and flags. */
  readonly text: string;
  /** The same of two patterns that match the same names: text and flags, between slashes. */
  readonly identity: string;
  /** Whether a topic's whole name matches. */
  readonly matches: (topic: string) => boolean;
  /** How the records of any of them are read. */
  readonly reading: Omit<Topic<unknown, unknown>, "name">;
}
