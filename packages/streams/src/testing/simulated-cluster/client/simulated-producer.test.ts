import { expect, test } from "vitest";
import { noHeaders } from "../../../record.ts";
import { VirtualClock } from "../../virtual-clock.ts";
import { simulatedCluster } from "../simulated-cluster.ts";

test("sends nothing of a commit after the abort of its close: its offsets would count without its records", async () => {
  const clock = new VirtualClock();
  const requests: string[] = [];
  const cluster = simulatedCluster({
    clock,
    weather: (_, request) => {
      requests.push(request);
      return { thereMs: request === "AddOffsetsToTxn" ? 500 : 1, backMs: 1, lost: "no" };
    },
  });
  cluster.createTopic({ topic: "out", partitions: 1, configs: {} });
  const transport = cluster.transport();
  await clock.run(transport.connect());
  const producer = await clock.run(
    transport.createProducer({ transactionalId: "x", transactionTimeoutMs: 10_000, compression: "none" }),
  );
  await clock.run(producer.prepareTopics(["out"]));
  producer.append("out", 0, Buffer.from("k"), Buffer.from("v"), 0, noHeaders);
  const nobody = { groupId: "g", generationId: -1, memberId: "", groupInstanceId: null };
  const offset = { topic: "in", partition: 0, offset: 7, leaderEpoch: -1, metadata: "" };
  const outcome = producer.commit(nobody, [offset]).catch((error: unknown) => error);
  await clock.runUntil(() => requests.includes("AddOffsetsToTxn"));
  await clock.runFor(100);
  await clock.run(producer.close());
  await clock.runFor(20_000);
  expect(await outcome).toMatchObject({ kafkaError: "CLOSED" });
  expect(requests.slice(requests.indexOf("EndTxn(abort)"))).toEqual(["EndTxn(abort)"]);
  expect(cluster.brokers.group("g").offsets.get("in", 0)).toBeUndefined();
});
