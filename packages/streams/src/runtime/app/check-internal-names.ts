import { MillraceError } from "../../errors.ts";
import { longestName } from "../../legal-name.ts";
import type { Topology } from "../../topology.ts";
import { changelogTopic, hasOwnChangelog } from "../topics/internal-topic-names.ts";
import { repartitionTopicOf } from "../topics/source-topics.ts";

/** Throws a MillraceError `CONFIG` where a topic of the application's own would have a name that is too long. */
export const checkInternalNames = ({ subTopologies }: Topology, applicationId: string): void => {
  const names = subTopologies.flatMap(({ stores, repartitions }) => [
    ...stores.filter(hasOwnChangelog).map((store) => changelogTopic(applicationId, store)),
    ...repartitions.map((node) => repartitionTopicOf(node, applicationId)),
  ]);
  for (const name of names)
    if (name.length > longestName)
      throw new MillraceError(
        `applicationId is "${applicationId}", and with it a topic of its own would be named "${name}", with ${name.length} ` +
          `characters where Kafka takes ${longestName}: shorten it, or the name of the store or of the repartition`,
        { code: "CONFIG" },
      );
};
