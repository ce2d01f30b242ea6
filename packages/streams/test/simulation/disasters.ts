import type { SimulatedCluster } from "../../src/testing/simulated-cluster/simulated-cluster.ts";
import type { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { faultsMs } from "./faults-ms.ts";
import { below } from "./input.ts";
import type { Members } from "./members.ts";
import type { Workload } from "./workload.ts";

/** After this long without a sign of life a group has no members, ms. */
const groupEmptyMs = 8_000;

/** What happens to the topics and offsets of a workload, at some moment each. */
export const disasters = (
  { name, deleted = [], grows = [], recreated = [], recordsExpire = [], offsetsExpire = false }: Workload,
  cluster: SimulatedCluster,
  members: Members,
  clock: VirtualClock,
  trace: (line: string) => void,
): void => {
  const random = (): number => clock.random();
  const { brokers } = cluster;
  const atSomeMoment = (action: () => void, withinMs = faultsMs): void =>
    void clock.setTimeout(action, below(random, withinMs));
  for (const topic of grows)
    for (let more = below(random, 3); more > 0; more--)
      atSomeMoment(() => {
        const partitions = brokers.topic(topic).logs.length + 1;
        brokers.addPartitions(topic, partitions);
        trace(`${topic} has ${partitions} partitions`);
      });
  for (const topic of deleted)
    atSomeMoment(() => {
      brokers.deleteTopic(topic);
      trace(`${topic} is deleted`);
    });
  for (const topic of recreated)
    atSomeMoment(() => {
      const partitions = brokers.topic(topic).logs.length;
      brokers.deleteTopic(topic);
      trace(`${topic} is deleted`);
      clock.setTimeout(
        () => {
          cluster.createTopic({ topic, partitions, configs: {} });
          trace(`${topic} is there again`);
        },
        random() < 0.5 ? 0 : below(random, 4_000),
      );
    }, faultsMs / 2);
  for (const topic of recordsExpire)
    for (let times = 1 + below(random, 3); times > 0; times--)
      atSomeMoment(() => {
        for (const [partition, log] of brokers.topic(topic).logs.entries()) {
          const before = log.startOffset + below(random, log.endOffset(true) - log.startOffset + 1);
          log.deleteBefore(before);
          trace(`${topic}-${partition} begins at ${before}`);
        }
      });
  if (offsetsExpire)
    atSomeMoment(
      () => {
        members.killAllFor(groupEmptyMs + 500);
        clock.setTimeout(() => {
          brokers.group(name).offsets.expire();
          trace("the group's offsets have expired");
        }, groupEmptyMs);
      },
      faultsMs - groupEmptyMs - 1_000,
    );
};
