import { messageOf } from "../../errors.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { TopicPartition } from "../../transport/topic-partition.ts";
import { within } from "../../within.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { committedOffsets } from "../topics/committed-offsets.ts";
import { listedOffsets } from "../topics/listed-offsets.ts";

/** A join waits no longer for the ends of changelogs, ms. */
const patienceMs = 2_000;

/** A partition that a store is restored from. */
export interface ChangelogPartition extends TopicPartition {
  /** It is a source topic: what the task goes on with is where its group has committed. */
  readonly isSource: boolean;
}

export interface ChangelogEndsOptions {
  readonly settings: Pick<AppSettings, "transport" | "clock" | "log">;
  readonly coordinator: Pick<GroupCoordinator, "fetchOffsets">;
}

/** Where changelogs end, by topic-partition; undefined where brokers do not say so soon. Never rejects. */
export const changelogEnds = async (
  changelogs: readonly ChangelogPartition[],
  { settings: { transport, clock, log }, coordinator }: ChangelogEndsOptions,
): Promise<ReadonlyMap<string, number> | undefined> => {
  const sources = changelogs.filter(({ isSource }) => isSource);
  const others = changelogs.filter(({ isSource }) => !isSource);
  try {
    const asked = Promise.all([
      listedOffsets(transport, others, "latest"),
      committedOffsets(coordinator, sources),
    ]);
    const [own, committed] = await within(clock, asked, patienceMs, "the ends of changelogs");
    return new Map([...own, ...committed]);
  } catch (error) {
    log("debug", `how much state there is could not be asked: ${messageOf(error)}`);
    return undefined;
  }
};
