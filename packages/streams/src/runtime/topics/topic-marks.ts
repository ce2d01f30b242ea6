import { murmur2 } from "../../transport/murmur2.ts";
import type { TopicPartition } from "../../transport/topic-partition.ts";
import type { CommittedNumbers } from "./committed-numbers.ts";
import { changelogMark, sourceMark } from "./mark-names.ts";

/** What a cluster says of topics that have no id yet (Kafka before 2.8). */
const noId = /^[A0-]*$/;

/**
 * Of which topics offsets are committed: numbers made of their ids, committed with them beside those of operators, so
 * that a topic that is made anew under its name is noticed (KIP-516). One for each source, one for all changelogs.
 */
export const topicMarks = (
  sources: readonly TopicPartition[],
  changelogs: readonly string[],
  topicIds: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> => {
  const marks = new Map<string, number>();
  for (const { topic } of sources) {
    const id = topicIds.get(topic) ?? "";
    if (!noId.test(id)) marks.set(sourceMark(topic), markOf(id));
  }
  const ids = changelogs.map((topic) => topicIds.get(topic) ?? "").toSorted();
  if (ids.length > 0 && !ids.some((id) => noId.test(id))) marks.set(changelogMark, markOf(ids.join()));
  return marks;
};

/** Whether what was committed bears the same mark; undefined where either has none. */
export const sameMark = (
  name: string,
  now: ReadonlyMap<string, number>,
  committed: Pick<CommittedNumbers, "get">,
): boolean | undefined => {
  const then = committed.get(name);
  return then === undefined || !now.has(name) ? undefined : now.get(name) === then;
};

/** 48 bits of a hash: a number that any layout holds exactly. */
const markOf = (ids: string): number =>
  (murmur2(Buffer.from(ids)) >>> 0) * 0x1_0000 + ((murmur2(Buffer.from(`~${ids}`)) >>> 0) % 0x1_0000);
