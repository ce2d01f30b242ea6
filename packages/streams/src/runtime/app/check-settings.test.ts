import { describe, expect, test } from "vitest";
import { createApp, foreach, repartition, stream, string, table, to, topic, topology } from "../../index.ts";
import { simulatedCluster } from "../../testing/index.ts";

const texts = { key: string(), value: string() };
const copy = topology("copy", stream(topic("in", texts)).pipe(to(topic("out", texts))));
const transport = simulatedCluster().transport();
const made = (options: Readonly<Record<string, unknown>>) => (): unknown =>
  createApp(copy, { transport, ...options });

const noNumber = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, "5", null, {}, true];
const wholeNumbers = {
  commitIntervalMs: [-1, 0.5, 2 ** 31],
  maxUncommittedBytes: [-1, 0, 0.5],
  sessionTimeoutMs: [-1, 0, 0.5, 2 ** 31],
  heartbeatIntervalMs: [-1, 0, 0.5, 2 ** 31],
  rebalanceTimeoutMs: [-1, 0, 0.5, 2 ** 31],
  transactionTimeoutMs: [-1, 0, 0.5, 2 ** 31],
  replicationFactor: [-1, 0, 0.5, 2 ** 15],
  maxFetchBytesPerPartition: [-1, 0, 0.5, 2 ** 31],
  maxBufferedBytes: [-1, 0, 0.5],
  maxStallMs: [-1, 0, 0.5, 2 ** 31],
  maxTaskIdleMs: [0.5, 2 ** 31],
  stateCleanupDelayMs: [-1, 0, 0.5, 2 ** 31],
  standbyReplicas: [-1, 0.5],
  acceptableRecoveryLag: [-1, 0.5],
  maxWarmupReplicas: [-1, 0, 0.5],
  probingRebalanceIntervalMs: [-1, 0, 0.5, 2 ** 31],
  repartitionPurgeIntervalMs: [-1, 0, 0.5, 2 ** 31],
  metadataMaxAgeMs: [-1, 0, 0.5, 2 ** 31],
};
const others = {
  transport: ["localhost:9092", {}],
  applicationId: ["", "two words", "a/b", 5, "x".repeat(250)],
  guarantee: ["exactly_once_v2", "exactly-once", "", 1],
  instanceId: ["", "two words", 5],
  startFrom: ["latst", "", 0],
  onOffsetOutOfRange: ["none", ""],
  onStateWithoutOffsets: ["rewind", false],
  onOffsetsWithoutState: ["stop", false],
  onUnreadRepartition: ["continue", false],
  onTopicRecreated: ["continue", false],
  deadLetterTopic: ["", "two words", 5],
  lateTopic: ["", "two words", 5],
  compression: ["lz5", "GZIP", 1],
  state: [{}, "./state"],
  clientTags: ["eu", { zone: 1 }],
  rackAwareAssignmentTags: ["zone", [1]],
  applicationServer: ["localhost", ":80", 80],
  caching: ["false", 0],
  log: ["console", {}],
  clock: [{}, 5],
  tracer: [{}, "otel"],
};

describe("what can't work is refused, with the option's name and what it may be", () => {
  test.each(Object.entries(wholeNumbers))("%s", (option, values) => {
    for (const value of [...values, ...noNumber.filter((one) => one !== null)])
      expect(made({ [option]: value }), `${option} ${JSON.stringify(value)}`).toThrow(
        expect.objectContaining({
          code: "CONFIG",
          message: expect.stringMatching(new RegExp(`^${option} is .*; it must be a whole number`)),
        }),
      );
  });
  test.each(Object.entries<readonly unknown[]>(others))("%s", (option, values) => {
    for (const value of values)
      expect(made({ [option]: value }), `${option} ${JSON.stringify(value)}`).toThrow(
        expect.objectContaining({
          code: "CONFIG",
          message: expect.stringMatching(new RegExp(`^${option} is .*; it must be `)),
        }),
      );
  });
  test("handlers", () => {
    for (const handler of ["deserialization", "processing", "production", "uncaught"])
      expect(made({ handlers: { [handler]: "skip" } })).toThrow(
        `handlers.${handler} is "skip"; it must be a function`,
      );
  });
  test("what one option says of another", () => {
    expect(made({ heartbeatIntervalMs: 3_000, sessionTimeoutMs: 5_999 })).toThrow(
      "heartbeatIntervalMs is 3000; it must be at most half of sessionTimeoutMs, which is 5999",
    );
    expect(made({ commitIntervalMs: 10_000 })).toThrow(
      "commitIntervalMs is 10000; it must be less than transactionTimeoutMs, which is 10000, under exactly_once",
    );
  });
});

test("every option has what is refused of it", async () => {
  const settings = Object.keys({ ...wholeNumbers, ...others, handlers: {} }).toSorted();
  const { appSettings } = await import("../settings/app-settings.ts");
  expect(Object.keys(appSettings({ transport }, "copy")).toSorted()).toEqual(settings);
});

test("the ends of what is allowed are, and what is undefined has its default", () => {
  const longest = 2 ** 31 - 1;
  const none = Object.fromEntries(Object.keys({ ...wholeNumbers, ...others }).map((one) => [one, undefined]));
  for (const options of [
    {
      commitIntervalMs: 0,
      maxTaskIdleMs: -1,
      sessionTimeoutMs: 2,
      heartbeatIntervalMs: 1,
      standbyReplicas: 0,
    },
    { guarantee: "at_least_once", commitIntervalMs: longest, maxStallMs: longest, metadataMaxAgeMs: longest },
    { ...none, transport, handlers: { processing: undefined } },
  ])
    expect(made(options)).not.toThrow();
});

test("an id is refused with which a topic of the application's own has a name that Kafka does not take", () => {
  const long = "s".repeat(150);
  const kept = topology("kept", table(topic("in", texts), { store: long }));
  const sent = topology(
    "sent",
    stream(topic("in", texts)).pipe(
      repartition({ name: long }),
      foreach(() => 0),
    ),
  );
  for (const [of, own] of [
    [kept, `${long}-changelog`],
    [sent, `${long}-repartition`],
  ] as const) {
    const most = 249 - own.length - 1;
    expect(() => createApp(of, { transport, applicationId: "a".repeat(most) })).not.toThrow();
    expect(() => createApp(of, { transport, applicationId: "a".repeat(most + 1) })).toThrow(
      expect.objectContaining({
        code: "CONFIG",
        message: expect.stringContaining(`-${own}", with 250 characters where Kafka takes 249`) as string,
      }),
    );
  }
});
