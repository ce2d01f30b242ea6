import { type App, createApp } from "@millrace/streams";
import {
  type SimulatedCluster,
  simulatedCluster,
  type SimulatedProcess,
  type SimulatedTransport,
  VirtualClock,
} from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { counts, lines, wordCount } from "../word-count/word-count.ts";

interface Member {
  readonly process: SimulatedProcess;
  readonly transport: SimulatedTransport;
  readonly app: App;
}

/** A process of its own, whose application runs on the process' clock. */
const startMember = (cluster: SimulatedCluster): Member => {
  const process = cluster.process();
  const transport = cluster.transport(process);
  const app = createApp(wordCount, {
    transport,
    clock: process,
    sessionTimeoutMs: 6_000,
    heartbeatIntervalMs: 1_000,
    transactionTimeoutMs: 5_000,
    log: () => undefined,
  });
  // What becomes of it shows in what the cluster holds: a process that is killed answers nobody.
  app.start().catch(() => undefined);
  return { process, transport, app };
};

test.for([1, 2, 3, 4, 5])("counts every word once although processes die (seed %i)", async (seed) => {
  const clock = new VirtualClock({ seed });
  const cluster = simulatedCluster({ clock, latencyMs: () => 1 + clock.random() * 4 });
  cluster.createTopic({ topic: lines.name, partitions: 3, configs: {} });
  cluster.createTopic({ topic: counts.name, partitions: 3, configs: {} });
  const members = [startMember(cluster), startMember(cluster), startMember(cluster)];

  for (let round = 0; round < 10; round++) {
    for (let partition = 0; partition < 3; partition++)
      cluster.pipe(lines, null, "the quick fox and the lazy dog", { partition });
    await clock.runFor(500 + clock.random() * 1_000);
    const at = Math.floor(clock.random() * members.length);
    const { process, transport } = members[at] as Member;
    const trouble = Math.floor(clock.random() * 3);
    if (trouble === 0) {
      process.kill();
      members[at] = startMember(cluster);
    } else if (trouble === 1) process.freeze(clock.random() * 10_000);
    else {
      transport.break();
      clock.setTimeout(() => transport.mend(), clock.random() * 5_000);
    }
  }

  const totals = (): ReadonlyMap<string, number> =>
    new Map(cluster.read(counts).map(({ key, value }) => [key, value]));
  const expected = new Map(
    ["the", "quick", "fox", "and", "lazy", "dog"].map((word) => [word, word === "the" ? 60 : 30]),
  );
  const isRight = (): boolean => [...expected].every(([word, count]) => totals().get(word) === count);
  await clock.runUntil(isRight, 120_000);
  expect(totals()).toEqual(expected);
  cluster.close();
});
