import { type Transport, TransportError } from "@millrace/streams";
import { expect, test } from "vitest";
import { flakyKafka } from "../../test/flaky-kafka.ts";
import { recordTime, timestampLimits } from "./timestamp-limits.ts";

const now = Date.parse("2026-03-02T10:00:00Z");
const hour = 3_600_000;
const of = (describeTopicConfig: Transport["describeTopicConfig"]) =>
  timestampLimits({ ...flakyKafka("t").transport, describeTopicConfig }, "t");
const limits = (configs: Readonly<Record<string, string>>) =>
  of(async () => new Map(Object.entries(configs)));

test("a record has its event's time wherever the topic takes it", async () => {
  const { before, after } = await limits({ "message.timestamp.after.max.ms": String(hour) });
  expect([before, after]).toEqual([Number.POSITIVE_INFINITY, hour]);
  for (const timestamp of [0, now - 24 * hour, now, now + hour - 60_000])
    expect(recordTime(timestamp, now, { before, after })).toBe(timestamp);
});

test("a record of an event further ahead, or back, than the topic takes has the nearest time that it does take", async () => {
  const both = await limits({
    "message.timestamp.before.max.ms": String(2 * hour),
    "message.timestamp.after.max.ms": String(hour),
  });
  expect(recordTime(now + 4 * hour, now, both)).toBe(now + hour - 60_000);
  expect(recordTime(now - 4 * hour, now, both)).toBe(now - 2 * hour + 60_000);
});

test("brokers before 3.6 have one limit for both, and most have none", async () => {
  expect(await limits({ "message.timestamp.difference.max.ms": "1000" })).toEqual({
    before: 1_000,
    after: 1_000,
  });
  const none = await limits({ "message.timestamp.difference.max.ms": "9223372036854775807" });
  expect(recordTime(now + 1_000 * hour, now, none)).toBe(now + 1_000 * hour);
});

const failing = (code: string) => of(() => Promise.reject(new TransportError("no", code, "retry")));

test("takes Kafka's default for granted where it may not look, and asks again where nobody answers", async () => {
  expect((await failing("TOPIC_AUTHORIZATION_FAILED")).after).toBe(hour);
  await expect(failing("NETWORK")).rejects.toThrow("no");
});
