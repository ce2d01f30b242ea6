import type { CommittedOffset } from "../../transport/group-coordinator.ts";
import type { AppSettings } from "../app/app-options.ts";

/** What the group has of a partition, and what its log holds: `[begin, end)`. */
export interface KnownPosition extends CommittedOffset {
  readonly begin: number;
  readonly end: number;
}

/** Where each source goes on: its committed offset, or where the settings say for one that has none. */
export const startPositions = (
  known: readonly KnownPosition[],
  { startFrom, log }: Pick<AppSettings, "startFrom" | "log">,
): readonly CommittedOffset[] =>
  known.map(({ begin, end, ...position }) => {
    const { topic, partition, offset } = position;
    if (offset < 0) return { ...position, offset: startFrom === "earliest" ? begin : end };
    if (offset < begin)
      log(
        "error",
        `${begin - offset} records of ${topic}-${partition} were deleted before they were read: the topic's retention is ` +
          "shorter than this application was behind; going on with the first that is left",
        { topic, partition, lost: begin - offset },
      );
    return { ...position, offset: Math.max(begin, offset) };
  });
