import type { Clock } from "../../clock.ts";
import type { TopicPartition } from "../../transport/topic-partition.ts";
import type { Transport } from "../../transport/transport.ts";
import { readLog } from "./read-log.ts";

/** How many offsets are looked at first, from the end: the last record of a key that is no tombstone is a row. */
const firstLook = 1_000;
/** How much further each next look begins. */
const growth = 16;

/**
 * Whether a changelog, `[begin, end)`, holds a row: some key's last record is no tombstone. Looks from the end, so that
 * a changelog with rows is hardly read, and one of nothing but tombstones is read to its beginning.
 */
export const holdsRows = async (
  transport: Transport,
  clock: Clock,
  changelog: TopicPartition,
  begin: number,
  end: number,
): Promise<boolean> => {
  const later = new Set<string>();
  let until = end;
  for (let span = firstLook; until > begin; span *= growth) {
    const from = Math.max(begin, until - span);
    /** By key, whether its last record of this look is a row. */
    const keys = new Map<string, boolean>();
    await readLog(transport, clock, changelog, from, until, ({ buffer, keyStart, keyEnd, valueStart }) => {
      keys.set(buffer.toString("latin1", keyStart, keyEnd), valueStart >= 0);
      return true;
    });
    for (const [key, isRow] of keys) {
      if (isRow && !later.has(key)) return true;
      later.add(key);
    }
    until = from;
  }
  return false;
};
