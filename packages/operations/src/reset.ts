import { internalTopicKind, MillraceError, type Transport, TransportError } from "@millrace/streams";
import { type GroupOffset, groupOffsets } from "./group-offsets.ts";
import { noGroup } from "./known-group.ts";

/** Where an application is to begin again: an end of its topics, or the records from a time on, ms. */
export type ResetTarget = "earliest" | "latest" | number;

/** Which application, and where it begins again. */
export interface Reset {
  readonly transport: Transport;
  readonly application: string;
  readonly to: ResetTarget;
  /** Source topics; those that it has committed offsets of, unless said. */
  readonly inputTopics?: readonly string[] | undefined;
  /** Of the topics that are named as its changelog and repartition topics would be; all of them, unless said. */
  readonly internalTopics?: readonly string[] | undefined;
}

/** What a reset does. */
export interface ResetPlan {
  readonly application: string;
  /** Of its group as it is now: with any, the reset is refused. */
  readonly members: number;
  readonly offsets: readonly (GroupOffset & { readonly target: number })[];
  /**
   * Deleted, and made anew where they are changelogs: empty, as they were otherwise, so that a start finds state and offsets
   * together.
   */
  readonly internal: readonly string[];
}

/**
 * Looks, and changes nothing (`--dry-run` of Kafka's application reset tool). Throws a MillraceError: `USAGE` where a topic
 * is missing or is none of the application's, `GROUP_UNKNOWN` where nothing of such an application is there.
 */
export const planReset = async ({
  transport,
  application,
  to,
  inputTopics,
  internalTopics,
}: Reset): Promise<ResetPlan> => {
  const topics = await transport.listTopics();
  const missing = [...(inputTopics ?? []), ...(internalTopics ?? [])].filter(
    (name) => !topics.includes(name),
  );
  if (missing.length > 0) throw usage(`there is no topic "${missing.join('", "')}"`);
  const isInternal = (name: string): boolean => internalTopicKind(application, name) !== undefined;
  const strange = internalTopics?.find((name) => !isInternal(name));
  if (strange !== undefined)
    throw usage(
      `"${strange}" is not named as an internal topic of "${application}" would be, and is not deleted`,
    );
  const internal = internalTopics ?? topics.filter(isInternal);
  const group = await transport.groupCoordinator(application).describe();
  if (group.state === "Dead" && internal.length === 0) throw noGroup(application);
  const committed = (await groupOffsets(transport, application, inputTopics ?? topics)).filter(
    ({ topic }) => !internal.includes(topic),
  );
  const found = await transport.listOffsets(committed, to, true);
  return {
    application,
    members: group.members.length,
    internal,
    offsets: committed.map((offset, at) => {
      const listed = found[at]?.offset ?? -1;
      // No record is as late as that time: it begins with the next one.
      return { ...offset, target: listed < 0 ? offset.end : listed };
    }),
  };
};

/**
 * Carries a plan out: offsets first, which brokers refuse while the group has members. Throws a MillraceError
 * `MEMBERS_LIVE` then, and nothing is changed.
 */
export const reset = async (
  transport: Transport,
  { application, offsets, internal }: ResetPlan,
): Promise<void> => {
  try {
    await transport.groupCoordinator(application).commitOffsets(
      { groupId: application, generationId: -1, memberId: "", groupInstanceId: null },
      // Without what operators had committed: stream time begins anew, too.
      offsets.map(({ topic, partition, target }) => ({
        topic,
        partition,
        offset: target,
        leaderEpoch: -1,
        metadata: "",
      })),
    );
  } catch (error) {
    if (!(error instanceof TransportError) || error.rank === "retry") throw error;
    throw new MillraceError(
      `"${application}" can't be reset while it runs: stop all of its processes; what was killed, or is a static member, ` +
        `counts until its session ends (${error.message})`,
      { code: "MEMBERS_LIVE", cause: error },
    );
  }
  const described = await transport.describeTopics(internal);
  const changelogs = await Promise.all(
    [...described.values()]
      .filter(({ topic }) => internalTopicKind(application, topic) === "changelog")
      .map(async ({ topic, partitions, replicationFactor }) => ({
        topic,
        partitions,
        replicationFactor,
        configs: Object.fromEntries(await transport.describeTopicConfig(topic, "own")),
      })),
  );
  await transport.deleteTopics(internal);
  await transport.createTopics(changelogs);
};

const usage = (message: string): MillraceError => new MillraceError(message, { code: "USAGE" });
