import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterBroker, KafkaCluster } from "@millrace/devstack";
import type { ClusterAdmin } from "./cluster-admin.ts";
import type { Load } from "./load.ts";
import type { Ledger } from "./ledger.ts";
import type { Members } from "./members.ts";
import { applicationId, clicks, copies, counts, finals, topics, visits } from "./pipeline.ts";
import type { ToBeTold } from "./told.ts";

/** What faults happen to. */
export interface Stage {
  readonly cluster: KafkaCluster;
  readonly admin: ClusterAdmin;
  readonly members: Members;
  readonly load: Load;
  readonly ledger: Ledger;
  /** In [0, 1), from the seed. */
  readonly random: () => number;
}

/** Something that goes wrong, and is over when it resolves; answers what a log has to say of it. */
export interface Fault {
  readonly name: string;
  happen(stage: Stage): Promise<readonly ToBeTold[]>;
}

/** Clicks never get more partitions than this. */
const mostPartitions = 12;

const any = <T>(random: () => number, things: readonly T[]): T =>
  things[Math.floor(random() * things.length)] as T;

const unanswered = ({ node, address }: ClusterBroker, since: number): ToBeTold => ({
  what: `broker ${node} does not answer`,
  since,
  pattern: new RegExp(`${address.replaceAll(".", String.raw`\.`)} .*has not answered`),
});

/** That a member has none of its brokers. */
const cutOff = (name: string, since: number): ToBeTold => ({
  what: `${name} is cut off`,
  since,
  pattern: /has not answered/,
  by: name,
});

const brokerOf = ({ cluster }: Stage, node: number): ClusterBroker => {
  const broker = cluster.brokers.find((candidate) => candidate.node === node);
  if (broker === undefined) throw new Error(`there is no broker ${node}`);
  return broker;
};

/** Kills it while it leads something, and starts it again after a while, ms. */
const killed = async ({ admin }: Stage, broker: ClusterBroker, ms: number): Promise<ToBeTold> => {
  await admin.leads(broker.node, [...topics.keys()]);
  const since = Date.now();
  await broker.kill();
  await sleep(ms);
  await broker.restart();
  return unanswered(broker, since);
};

/** Each of three brokers in turn, if this comes for all three. */
const killBroker = (node: number): Fault => ({
  name: `broker ${node} is killed, and back after 8 s`,
  happen: async (stage) => [await killed(stage, brokerOf(stage, node), 8_000)],
});

export const killCoordinator: Fault = {
  name: "the group's coordinator is killed, and back after 8 s",
  happen: async (stage) => [
    await killed(stage, brokerOf(stage, await stage.admin.coordinator(applicationId)), 8_000),
  ],
};

const freezeCoordinator: Fault = {
  name: "the group's coordinator is frozen for 40 s",
  happen: async (stage) => {
    const broker = brokerOf(stage, await stage.admin.coordinator(applicationId));
    const since = Date.now();
    broker.freeze();
    await sleep(40_000);
    broker.thaw();
    return [unanswered(broker, since)];
  },
};

const twoBrokersDown: Fault = {
  name: "two brokers are down for 12 s",
  happen: async (stage) => {
    const spared = any(stage.random, stage.cluster.brokers);
    const down = stage.cluster.brokers.filter((broker) => broker !== spared);
    return Promise.all(down.map((broker) => killed(stage, broker, 12_000)));
  },
};

const movePartitions: Fault = {
  name: "partitions are moved to other brokers",
  happen: async ({ admin, random }) => {
    const movable = [
      ...[visits, copies, counts, finals, clicks].map(({ name }) => name),
      `${applicationId}-by-page-repartition`,
      `${applicationId}-clicks-per-page-changelog`,
      "__consumer_offsets",
      "__transaction_state",
    ];
    for (const topic of movable) await admin.move(topic, Math.floor(random() * (topics.get(topic) ?? 4)));
    return [];
  },
};

export const addPartitions: Fault = {
  name: "the clicks get more partitions",
  happen: async ({ admin, load, ledger }) => {
    const partitions = Math.min(mostPartitions, ledger.clickPartitions + 2);
    if (partitions === ledger.clickPartitions) return [];
    await admin.addPartitions(clicks.name, partitions);
    ledger.clicksGrow(partitions);
    load.clicksGrow(partitions);
    return [];
  },
};

export const cutMemberOff: Fault = {
  name: "a member is cut off for 12 s, and not told",
  happen: async ({ members, random }) => {
    const name = any(random, members.names);
    const since = Date.now();
    await members.cutOff(name, "silence", 12_000);
    return [cutOff(name, since)];
  },
};

const breakConnections: Fault = {
  name: "a member's connections break, and can't be made for 10 s",
  happen: async ({ members, random }) => {
    const name = any(random, members.names);
    const since = Date.now();
    await members.cutOff(name, "off", 10_000);
    return [cutOff(name, since)];
  },
};

const freezeMember: Fault = {
  name: "a member stands still for 12 s",
  happen: async ({ members, random }) => {
    const name = any(random, members.names);
    await members.freeze(name, 12_000);
    const since = Date.now();
    return [{ what: `${name} has stood still`, since, pattern: /membership|has not answered/, by: name }];
  },
};

export const killMembers: Fault = {
  name: "members are killed at random, four times",
  happen: async ({ members, random }) => {
    for (let kill = 0; kill < 4; kill++) {
      await members.kill(any(random, members.names), random() * 3_000);
      await sleep(1_000 + random() * 3_000);
    }
    return [];
  },
};

const restartMembers: Fault = {
  name: "members are stopped and started one by one",
  happen: async ({ members }) => {
    for (const name of members.names) {
      const code = await members.restart(name);
      if (code !== 0) throw new Error(`${name} ended with ${String(code)} when it was asked to stop`);
      await sleep(4_000);
    }
    return [];
  },
};

/** All kinds. */
export const faults: readonly Fault[] = [
  killBroker(1),
  killBroker(2),
  killBroker(3),
  freezeCoordinator,
  twoBrokersDown,
  movePartitions,
  addPartitions,
  cutMemberOff,
  breakConnections,
  freezeMember,
  killMembers,
  restartMembers,
];
