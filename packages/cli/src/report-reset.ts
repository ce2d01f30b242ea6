import { counted, type ResetPlan, textTable } from "@millrace/operations";
import { internalTopicKind } from "@millrace/streams";

/** What a reset is about to do, or has done. */
export const resetText = (
  { application, members, offsets, internal }: ResetPlan,
  dryRun: boolean,
): readonly string[] => [
  dryRun ? `Would reset "${application}":` : `Reset "${application}":`,
  "",
  ...(offsets.length === 0
    ? ["no offsets: it has committed none of its source topics"]
    : textTable([
        ["TOPIC", "PARTITION", "COMMITTED", "NEW"],
        ...offsets.map(({ topic, partition, committed, target }) => [topic, partition, committed, target]),
      ])),
  "",
  ...(internal.length === 0
    ? ["no changelog and no repartition topics"]
    : internal.map((topic) =>
        internalTopicKind(application, topic) === "changelog"
          ? `${topic}: ${deleted(dryRun)}, and made anew`
          : `${topic}: ${deleted(dryRun)}`,
      )),
  "",
  "State directories (STATE_DIR) of its processes are found out of date by themselves, and may be deleted.",
  ...(dryRun && members > 0
    ? [
        "",
        `It runs now, with ${counted(members, "member")}: it must be stopped first, or the reset is refused.`,
      ]
    : []),
];

const deleted = (dryRun: boolean): string => (dryRun ? "would be deleted" : "deleted");
