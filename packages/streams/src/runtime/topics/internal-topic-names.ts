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

/** Name of a topic between two sub-topologies, as Kafka Streams has it. */
export const repartitionTopic = (applicationId: string, topic: string): string => `${applicationId}-${topic}`;
