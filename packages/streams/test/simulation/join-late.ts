import type { AppOptions } from "../../src/index.ts";
import type { SimulatedCluster } from "../../src/testing/simulated-cluster/simulated-cluster.ts";
import type { VirtualClock } from "../../src/testing/virtual-clock.ts";
import type { Members } from "./members.ts";
import { probingRebalanceIntervalMs } from "./placement.ts";
import type { Workload } from "./workload.ts";

/** A member that joins in the end has its place after this time, ms: some states have been built, and tasks have moved. */
const joiningMs = 5_000;
/** All that run say so at some moment within this time, ms. */
const restMs = 30_000;

interface LateJoin {
  readonly clock: VirtualClock;
  readonly cluster: SimulatedCluster;
  readonly workload: Workload;
  readonly members: Members;
  readonly places: Pick<AppOptions, "acceptableRecoveryLag">;
}

/**
 * One more member, in calm weather: it gets tasks, and none before a probe whose state it would have to read; what was
 * wrong is answered.
 */
export const joinLate = async ({
  clock,
  cluster,
  workload,
  members,
  places: { acceptableRecoveryLag = 0 },
}: LateJoin): Promise<readonly string[]> => {
  // Whoever joins while all others have lost their membership is given their tasks, cold or not: there is nobody else.
  await clock.runUntil(() => members.allAwake, restMs);
  const before = members.moves.length;
  const app = members.join();
  if (app === undefined) return [];
  await clock.runUntil(() => app.tasks.active.length + app.tasks.standby.length > 0, joiningMs);
  await clock.runFor(probingRebalanceIntervalMs - 500);
  const moves = members.moves.slice(before);
  const [first, second] = moves.filter((move) => move.app === app);
  // Nothing is warm yet in the first round that it is part of: what is taken away for it then would be given to it cold.
  const taken = moves
    .filter(({ generation, app: owner }) => owner !== app && generation === first?.generation)
    .flatMap(({ revoked }) => revoked);
  const early = [...(first?.added ?? []), ...taken.filter((task) => second?.added.includes(task) === true)];
  const { subTopologies } = workload.topology(cluster.process("onlooker"));
  const endOf = (store: string, partition: number): number =>
    cluster.brokers.topics.get(`${workload.name}-${store}-changelog`)?.logs[partition]?.endOffset(true) ?? 0;
  const cold = early.filter((task) => {
    const [id, partition = 0] = task.split("_").map(Number);
    const stores = subTopologies.find((one) => one.id === id)?.stores ?? [];
    const records = stores.reduce((sum, { name }) => sum + endOf(name, partition), 0);
    // The ends of transactions are no records, and count here.
    return records > acceptableRecoveryLag + 20;
  });
  await clock.runFor(joiningMs);
  // Something may be moving just now.
  await clock.runUntil(() => members.allRun, restMs);
  return [
    ...(members.allRun ? [] : ["not all run after one more has joined", ...members.states]),
    ...(cold.length === 0
      ? []
      : [`a member that joined was given ${cold.join(" ")} without having warmed up`]),
  ];
};
