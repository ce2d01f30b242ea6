import type { StoreDefinition } from "../../state/store-definition.ts";

/** What the name of its changelog depends on, of a store's definition. */
type ChangelogOf = Pick<StoreDefinition, "name" | "changelogTopic">;

/** Name of a store's changelog topic, as Kafka Streams has it; or of the topic that serves as such. */
export const changelogTopic = (
  applicationId: string,
  { name, changelogTopic: served }: ChangelogOf,
): string => served ?? `${applicationId}-${name}-changelog`;

/** Whether a store writes a changelog of its own, and is not restored from a source topic, or not at all. */
export const hasOwnChangelog = ({
  changelog,
  changelogTopic: served,
}: Pick<StoreDefinition, "changelog" | "changelogTopic">): boolean => changelog && served === undefined;

/** What an application makes for itself. */
export type InternalTopicKind = "changelog" | "repartition";

/**
 * Whether a topic is named as an internal one of that application would be, and what for: told by the name alone, as
 * Kafka's application reset tool does, so that another application whose id begins with this one's may be meant. The topics
 * of joins by a foreign key, named or numbered, carry records between sub-topologies as repartition topics do.
 */
export const internalTopicKind = (applicationId: string, topic: string): InternalTopicKind | undefined => {
  if (!topic.startsWith(`${applicationId}-`)) return undefined;
  if (topic.endsWith("-changelog")) return "changelog";
  const between =
    /-(?:repartition|subscription-registration-topic|subscription-response-topic)$/.test(topic) ||
    /-KTABLE-FK-JOIN-SUBSCRIPTION-(?:REGISTRATION|RESPONSE)-\d{10}-topic$/.test(topic);
  return between ? "repartition" : undefined;
};

/** Name of a topic between two sub-topologies, as Kafka Streams has it. */
export const repartitionTopic = (applicationId: string, topic: string): string => `${applicationId}-${topic}`;
