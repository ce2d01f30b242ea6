import { expect, test } from "vitest";
import { simulatedCluster } from "../../testing/index.ts";
import type { RecordProducer } from "../../transport/record-producer.ts";
import { appSettings } from "../app/app-settings.ts";
import { newMetrics } from "../app/metrics.ts";
import { ProducerSlot } from "./producer-slot.ts";
import { RecordCollector } from "./record-collector.ts";

/** A slot, and every producer that was made for it. */
const slotOnSimulation = () => {
  const transport = simulatedCluster().transport();
  const made: RecordProducer[] = [];
  const create = transport.createProducer.bind(transport);
  transport.createProducer = async (options) => {
    const producer = await create(options);
    made.push(producer);
    return producer;
  };
  const plan = { partitions: new Map<string, number>(), tasks: [], internal: [] };
  const collector = new RecordCollector("app", plan, newMetrics());
  return {
    slot: new ProducerSlot(collector, appSettings({ transport }, "app"), "app-id", []),
    collector,
    made,
  };
};

test("those who ask at the same time get the same producer", async () => {
  const { slot, collector, made } = slotOnSimulation();
  await Promise.all([slot.opened(), slot.opened()]);
  await slot.opened();
  expect(made).toHaveLength(1);
  expect(collector.producer).toBe(made[0]);
});

test("one that was discarded while it opened is closed, and never used", async () => {
  const { slot, collector, made } = slotOnSimulation();
  const opening = slot.opened();
  await slot.discard();
  await opening;
  expect(collector.producer).toBeUndefined();
  await slot.opened();
  expect(made).toHaveLength(2);
  expect(collector.producer).toBe(made[1]);
});
