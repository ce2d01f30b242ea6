import type { Clock } from "../../../clock.ts";
import type { TopicSpec } from "../../../transport/transport.ts";
import type { LateArrival } from "../late-arrival.ts";
import type { BrokerNode } from "./broker-node.ts";
import { refusal } from "./refusal.ts";
import { SimulatedGroup } from "./simulated-group.ts";
import { SimulatedLog } from "./simulated-log.ts";
import { defaultReplicationFactor, type SimulatedTopic, topicDefaults } from "./simulated-topic.ts";
import { TransactionalId } from "./transactional-id.ts";

export interface SimulatedBrokersOptions {
  readonly clock: Clock;
  readonly nodes: number;
  /** How long a transaction's marker is on its way to a log or group, ms; asked for each. */
  readonly markerMs: () => number;
  /** Asked for each partition of a request that names several: whether it fails this time, alone. */
  readonly hiccups: () => boolean;
  readonly trace: ((line: string) => void) | undefined;
  readonly late: (arrival: LateArrival) => void;
}

/** How long nobody leads what a dead broker led, and how long a new coordinator reads before it knows its groups, ms. */
const electionMs = 200;
const loadMs = 150;

/** All that the clients of a cluster share: what its brokers keep, and which of them leads and coordinates what. */
export class SimulatedBrokers {
  readonly clock: Clock;
  readonly nodes: readonly BrokerNode[];
  readonly topics: Map<string, SimulatedTopic> = new Map();
  /** Is told of what was taken when its sender was gone. */
  readonly late: (arrival: LateArrival) => void;
  readonly #groups = new Map<string, SimulatedGroup>();
  readonly #transactionalIds = new Map<string, TransactionalId>();
  /** Coordinators of groups (`g/name`) and transactional ids (`t/name`), and those that are still reading. */
  readonly #coordinators = new Map<string, number>();
  readonly #loading = new Map<string, number>();
  readonly #markerMs: () => number;
  readonly #hiccups: () => boolean;
  readonly #trace: ((line: string) => void) | undefined;
  readonly #timers: Clock;
  #closed = false;
  #nextProducerId = 1_000;
  #nextTopicId = 1;

  constructor({ clock, nodes, markerMs, hiccups, trace, late }: SimulatedBrokersOptions) {
    this.clock = clock;
    this.late = late;
    this.nodes = Array.from({ length: nodes }, (_, id) => ({ id, up: true, frozenUntil: 0 }));
    this.#markerMs = markerMs;
    this.#hiccups = hiccups;
    this.#trace = trace;
    this.#timers = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      setTimeout: (callback, ms) => {
        const timer = clock.setTimeout(() => {
          this.#open.delete(timer);
          if (!this.#closed) callback();
        }, ms);
        this.#open.add(timer);
        return timer;
      },
      clearTimeout: (timer) => {
        this.#open.delete(timer);
        clock.clearTimeout(timer);
      },
      setImmediate: (callback) => clock.setImmediate(callback),
      random: () => clock.random(),
    };
  }

  readonly #open = new Set<unknown>();

  /** Ends the cluster: no timer of it fires any more. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#open) this.clock.clearTimeout(timer);
    this.#open.clear();
  }

  /** Creates a topic; one that is there is left as it is. */
  createTopic({ topic, partitions, replicationFactor = defaultReplicationFactor, configs }: TopicSpec): void {
    if (this.topics.has(topic)) return;
    const id = this.#nextTopicId++;
    this.topics.set(topic, {
      name: topic,
      topicId: `topic-id-${id}`,
      replicationFactor,
      configs: new Map([...topicDefaults, ...Object.entries(configs)]),
      ownConfigs: new Map(Object.entries(configs)),
      logs: [],
      leaders: [],
      leaderEpochs: [],
    });
    this.addPartitions(topic, partitions);
  }

  /** Makes it a topic of that many partitions; it never has fewer than before. */
  addPartitions(name: string, partitions: number): void {
    const topic = this.topic(name);
    while (topic.logs.length < partitions) {
      const partition = topic.logs.length;
      topic.logs.push(new SimulatedLog(`${name}-${partition}`));
      topic.leaders.push((name.length + partition) % this.nodes.length);
      topic.leaderEpochs.push(0);
    }
  }

  /** Deletes a topic, and what groups have committed for it. */
  deleteTopic(name: string): void {
    this.topics.delete(name);
    for (const group of this.#groups.values()) group.offsets.expire(name);
  }

  /** Throws UNKNOWN_TOPIC_OR_PARTITION. */
  topic(name: string): SimulatedTopic {
    const topic = this.topics.get(name);
    if (topic === undefined) throw refusal("UNKNOWN_TOPIC_OR_PARTITION", `topic "${name}"`);
    return topic;
  }

  /** Throws UNKNOWN_TOPIC_OR_PARTITION. */
  log(topic: string, partition: number): SimulatedLog {
    const log = this.topic(topic).logs[partition];
    if (log === undefined) throw refusal("UNKNOWN_TOPIC_OR_PARTITION", `${topic}-${partition}`);
    return log;
  }

  /** The log, asked of a node; throws NOT_LEADER_OR_FOLLOWER when that does not lead it. */
  logAt(node: number, topic: string, partition: number): SimulatedLog {
    const log = this.log(topic, partition);
    if (this.topic(topic).leaders[partition] !== node)
      throw refusal("NOT_LEADER_OR_FOLLOWER", `${topic}-${partition} at broker ${node}`);
    return log;
  }

  /** Fails, now and then, for one partition of several. */
  hiccup(what: string): void {
    if (this.#hiccups()) throw refusal("NOT_ENOUGH_REPLICAS", what);
  }

  /** The node that leads a partition; throws LEADER_NOT_AVAILABLE while there is none. */
  leader(topic: string, partition: number): number {
    this.log(topic, partition);
    const leader = this.topic(topic).leaders[partition] ?? -1;
    if (leader < 0) throw refusal("LEADER_NOT_AVAILABLE", `${topic}-${partition}`);
    return leader;
  }

  /** A group, whoever coordinates it. */
  group(id: string): SimulatedGroup {
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = new SimulatedGroup(id, this.#timers);
      this.#groups.set(id, group);
    }
    return group;
  }

  /** The group, asked of a node; throws where that is not its coordinator, or not yet. */
  groupAt(node: number, id: string): SimulatedGroup {
    this.#coordinatorMustBe(node, `g/${id}`);
    return this.group(id);
  }

  /** The transactional id, asked of a node; throws where that is not its coordinator, or not yet. */
  transactionalIdAt(node: number, name: string): TransactionalId {
    this.#coordinatorMustBe(node, `t/${name}`);
    let id = this.#transactionalIds.get(name);
    if (id === undefined) {
      id = new TransactionalId(name, this.#nextProducerId++, this.#timers, this.#markerMs);
      this.#transactionalIds.set(name, id);
    }
    return id;
  }

  /** What the log of a partition asks the coordinator of a transactional id (KIP-890). */
  transactionalId(name: string): TransactionalId | undefined {
    return this.#transactionalIds.get(name);
  }

  /** An id for a producer without transactions. */
  newProducerId(): number {
    return this.#nextProducerId++;
  }

  /** The node that coordinates a group (`g/name`) or transactional id (`t/name`). */
  coordinator(key: string): number {
    let node = this.#coordinators.get(key);
    if (node === undefined) {
      node = key.length % this.nodes.length;
      this.#coordinators.set(key, node);
    }
    if (this.nodes[node]?.up !== true) throw refusal("COORDINATOR_NOT_AVAILABLE", key);
    return node;
  }

  /** Another broker leads a partition. */
  moveLeader(topic: string, partition: number): void {
    const known = this.topic(topic);
    const { leaders, leaderEpochs } = known;
    const next = this.#anotherNode(leaders[partition] ?? -1);
    leaders[partition] = next;
    leaderEpochs[partition] = (leaderEpochs[partition] ?? 0) + 1;
    this.#trace?.(`broker ${next} leads ${topic}-${partition}`);
  }

  /** Another broker coordinates a group (`g/name`) or transactional id (`t/name`), once it has read what it must know. */
  moveCoordinator(key: string): void {
    const next = this.#anotherNode(this.#coordinators.get(key) ?? -1);
    this.#coordinators.set(key, next);
    this.#loading.set(key, this.clock.monotonic() + loadMs);
    this.#trace?.(`broker ${next} coordinates ${key}`);
    if (key.startsWith("g/")) this.#groups.get(key.slice(2))?.reload();
  }

  /** Keys of all coordinators that were ever asked for. */
  get coordinated(): readonly string[] {
    return [...this.#coordinators.keys()];
  }

  /** Kills a broker: what it leads and coordinates goes to others a moment later. */
  stop(node: number): void {
    const known = this.nodes[node];
    if (known === undefined || !known.up) return;
    this.#trace?.(`broker ${node} is down`);
    known.up = false;
    this.#timers.setTimeout(() => this.#moveAllFrom(node), electionMs);
  }

  start(node: number): void {
    const known = this.nodes[node];
    if (known === undefined || known.up) return;
    known.up = true;
    this.#trace?.(`broker ${node} is up`);
  }

  /** Stops a broker's process for a while (SIGSTOP): the others take over what it leads after `takeOverMs`. */
  freeze(node: number, ms: number, takeOverMs: number = electionMs): void {
    const known = this.nodes[node];
    if (known === undefined) return;
    this.#trace?.(`broker ${node} is frozen for ${Math.round(ms)} ms`);
    known.frozenUntil = this.clock.monotonic() + ms;
    if (ms > takeOverMs) this.#timers.setTimeout(() => this.#moveAllFrom(node), takeOverMs);
  }

  #moveAllFrom(node: number): void {
    if (this.nodes.length === 1) return;
    for (const { name, leaders } of this.topics.values())
      for (const [partition, leader] of leaders.entries())
        if (leader === node) this.moveLeader(name, partition);
    for (const [key, coordinator] of this.#coordinators) if (coordinator === node) this.moveCoordinator(key);
  }

  #coordinatorMustBe(node: number, key: string): void {
    if (this.coordinator(key) !== node) throw refusal("NOT_COORDINATOR", `${key} at broker ${node}`);
    if ((this.#loading.get(key) ?? 0) > this.clock.monotonic())
      throw refusal("COORDINATOR_LOAD_IN_PROGRESS", key);
  }

  #anotherNode(than: number): number {
    const now = this.clock.monotonic();
    const others = this.nodes.filter(({ id, up, frozenUntil }) => id !== than && up && frozenUntil <= now);
    const chosen = others[Math.floor(this.clock.random() * others.length)];
    return chosen?.id ?? Math.max(0, than);
  }
}
