import { MillraceError } from "../../errors.ts";
import type { TopicSpec } from "../../transport/transport.ts";
import type { Log } from "../../log.ts";
import { additionalRetentionMs, anyTimestamp } from "./internal-topic-specs.ts";

/** Smallest limit that never refuses a time that an event can have: 100 years, ms. */
const wideEnough = 100 * 365 * 86_400_000;

/**
 * Refuses an internal topic that is there already and can't be used as it is, with a MillraceError that says what to
 * do; warns of one that refuses some records. What only differs is left as it is, be it a JVM application's.
 */
export const checkInternalTopic = (
  spec: TopicSpec,
  partitions: number,
  configs: ReadonlyMap<string, string>,
  retentionMs: number | undefined,
  log: Log,
): void => {
  const { topic } = spec;
  if (partitions !== spec.partitions)
    throw new MillraceError(
      `internal topic "${topic}" has ${partitions} partitions, but this topology needs ${spec.partitions}: ` +
        "the number of partitions of a source topic has changed. Stop the application, and delete its internal topics " +
        "(its state is then built anew) or give it another application id",
      { code: "WRONG_PARTITIONS" },
    );
  const policies = (configs.get("cleanup.policy") ?? "delete").split(",").map((policy) => policy.trim());
  const wanted = spec.configs["cleanup.policy"] ?? "delete";
  const deletes = wanted === "compact" && policies.includes("delete");
  const compacts = wanted === "delete" && policies.includes("compact");
  // Rows that expire may be deleted instead of compacted: so the JVM keeps the records of stream-stream joins.
  const keeps = deletes ? retentionMs !== undefined : policies.includes(wanted);
  if (!keeps || compacts)
    throw new MillraceError(
      `internal topic "${topic}" has cleanup.policy=${policies.join(",")}, which would lose state; set it: ` +
        alter(topic, `cleanup.policy=${wanted}`),
      { code: "WRONG_CLEANUP_POLICY" },
    );
  const retention = Number(configs.get("retention.ms") ?? "-1");
  // A windowed store's changelog that a JVM application made; what it deletes must have expired.
  if (deletes && retentionMs !== undefined && retention >= 0 && retention < retentionMs)
    throw new MillraceError(
      `internal topic "${topic}" deletes rows after ${retention} ms, before their windows expire after ${retentionMs} ms; ` +
        `set it: ${alter(topic, `retention.ms=${retentionMs + 86_400_000}`)}`,
      { code: "WRONG_CLEANUP_POLICY" },
    );
  // Of a versioned store's: what it has to hold of its history, without what is added for stream time that is behind.
  const history = Number(spec.configs["min.compaction.lag.ms"] ?? "0") - additionalRetentionMs;
  const lag = Number(configs.get("min.compaction.lag.ms") ?? "0");
  if (lag < history)
    throw new MillraceError(
      `internal topic "${topic}" compacts records after ${lag} ms, and its store keeps a history of ${history} ms: of each key ` +
        "only the last version would be there after a restart; set it: " +
        alter(topic, `min.compaction.lag.ms=${spec.configs["min.compaction.lag.ms"]}`),
      { code: "WRONG_COMPACTION_LAG" },
    );
  const refusing = Object.keys(anyTimestamp).filter((name) => {
    const limit = configs.get(name);
    return limit !== undefined && Number(limit) < wideEnough;
  });
  if (refusing.length > 0)
    log(
      "warn",
      `internal topic "${topic}" refuses records whose times are far from the broker's clock (${refusing
        .map((name) => `${name}=${configs.get(name)}`)
        .join(", ")}), which stops the application when one comes; set it: ` +
        alter(topic, refusing.map((name) => `${name}=${anyTimestamp[name]}`).join(",")),
      { topic, refusing },
    );
};

const alter = (topic: string, config: string): string =>
  `kafka-configs.sh --bootstrap-server BROKER --alter --topic ${topic} --add-config ${config}`;
