import { expect, test } from "vitest";
import { TransportError } from "../../transport/transport-error.ts";
import type { TopicSpec, Transport } from "../../transport/transport.ts";
import { checkInternalTopic } from "./check-internal-topic.ts";
import { createInternalTopics } from "./create-internal-topics.ts";
import { string } from "../../serdes/string.ts";
import { erasedStore, versionedStore } from "../../state/store-definition.ts";
import { changelogSpec, repartitionSpec } from "./internal-topic-specs.ts";

const changelog: TopicSpec = {
  topic: "app-c-changelog",
  partitions: 2,
  configs: { "cleanup.policy": "compact" },
};
const hour = 3_600_000;

const check = (
  configs: Readonly<Record<string, string>>,
  retentionMs?: number,
  spec: TopicSpec = changelog,
): readonly string[] => {
  const lines: string[] = [];
  checkInternalTopic(spec, 2, new Map(Object.entries(configs)), retentionMs, (_, message) =>
    lines.push(message),
  );
  return lines;
};

test("takes what the JVM makes for a windowed store", () => {
  expect(check({ "cleanup.policy": "compact,delete", "retention.ms": String(25 * hour) }, hour)).toEqual([]);
});

test("takes what the JVM makes for the records of a stream-stream join", () => {
  expect(check({ "cleanup.policy": "delete", "retention.ms": String(25 * hour) }, hour)).toEqual([]);
});

test.for([
  ["delete", undefined],
  ["compact,delete", undefined],
] as const)("refuses cleanup.policy=%s where rows never expire, and says what to set", ([policy]) => {
  expect(() => check({ "cleanup.policy": policy })).toThrow(
    expect.objectContaining({ code: "WRONG_CLEANUP_POLICY", message: expect.stringContaining("--alter") }),
  );
});

test.for(["compact,delete", "delete"])(
  "refuses a changelog with cleanup.policy=%s that deletes rows of windows that are still open",
  (policy) => {
    expect(() => check({ "cleanup.policy": policy, "retention.ms": String(hour) }, 2 * hour)).toThrow(
      expect.objectContaining({ code: "WRONG_CLEANUP_POLICY" }),
    );
  },
);

test("refuses a repartition topic that is compacted", () => {
  const spec = repartitionSpec("app-c-repartition", 2);
  expect(() => check({ "cleanup.policy": "compact,delete" }, undefined, spec)).toThrow(
    expect.objectContaining({ code: "WRONG_CLEANUP_POLICY" }),
  );
});

test("warns of one that refuses records that are an hour ahead, as brokers make them since 4.0", () => {
  const lines = check({ "cleanup.policy": "compact", "message.timestamp.after.max.ms": String(hour) });
  expect(lines).toEqual([
    expect.stringMatching(
      /after\.max\.ms=3600000.*--alter.*message\.timestamp\.after\.max\.ms=9223372036854775807/,
    ),
  ]);
});

test("brokers that do not know of such limits get topics without them", async () => {
  const asked: (readonly TopicSpec[])[] = [];
  const transport = {
    createTopics: (topics: readonly TopicSpec[]) => {
      asked.push(topics);
      return topics.some(({ configs }) => "message.timestamp.after.max.ms" in configs)
        ? Promise.reject(new TransportError("Unknown topic config name", "INVALID_CONFIG", "fatal"))
        : Promise.resolve();
    },
  } as Partial<Transport> as Transport;
  await createInternalTopics([repartitionSpec("app-c-repartition", 2)], {
    transport,
    replicationFactor: 3,
  });
  expect(asked).toHaveLength(2);
  expect(asked[1]).toEqual([
    expect.objectContaining({
      replicationFactor: 3,
      configs: expect.not.objectContaining({ "message.timestamp.before.max.ms": expect.anything() }),
    }),
  ]);
});

const versioned = (historyRetention: number): TopicSpec =>
  changelogSpec(
    "app",
    erasedStore(versionedStore("c", { key: string(), value: string(), historyRetention })),
    2,
  );

test("refuses the changelog of a versioned store that would be compacted before its history ends, as when that has become longer", () => {
  const made = versioned(hour).configs;
  expect(check(made, undefined, versioned(hour))).toEqual([]);
  expect(check(made, undefined, versioned(25 * hour))).toEqual([]);
  for (const configs of [made, { ...made, "min.compaction.lag.ms": "0" }, changelog.configs])
    expect(() => check(configs, undefined, versioned(26 * hour))).toThrow(
      expect.objectContaining({
        code: "WRONG_COMPACTION_LAG",
        message: expect.stringContaining(`min.compaction.lag.ms=${50 * hour}`),
      }),
    );
});
