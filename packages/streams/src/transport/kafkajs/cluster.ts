import { setMaxListeners } from "node:events";
import { MillraceError } from "../../errors.ts";
import { TransportError } from "../transport-error.ts";
import { brokerAddress } from "./broker-address.ts";
import { BrokerHealth } from "./broker-health.ts";
import { BrokerLane, type LaneSettings } from "./broker-lane.ts";
import { BrokerLink } from "./broker-link.ts";
import { firstAnswer } from "./first-answer.ts";
import type { ConnectionSettings } from "./internals.ts";
import { kafkaError } from "./kafka-error.ts";
import { type Request, requestText } from "./request.ts";
import {
  type BrokerAddress,
  type ClusterDescription,
  type DescribedTopic,
  metadata,
} from "./requests/metadata.ts";
import { wait } from "./retry.ts";

const topicUnknown = 3;

/** Kafka's metadata.max.age.ms. */
const usualMaxAgeMs = 300_000;
/** The longest time that a timer takes. */
const longestMs = 0x7fff_ffff;
/** What is asked of any broker is asked of another one, too, when there is no answer for so long; ms. */
const hedgeAfterMs = 1_000;

/** What is known of a cluster: its brokers, and who leads which partition. */
export class Cluster {
  /** Aborted when the transport closes: ends every retry. */
  readonly signal: AbortSignal;
  /** Which brokers answer. */
  readonly health: BrokerHealth = new BrokerHealth();
  readonly #settings: LaneSettings;
  readonly #seeds: readonly string[];
  /** Carries metadata, and what else is answered at once and urgent to nobody. */
  readonly #lane: BrokerLane;
  readonly #closing = new AbortController();
  readonly #brokers = new Map<number, BrokerAddress>();
  readonly #leaders = new Map<string, readonly number[]>();
  readonly #errors = new Map<string, number>();
  readonly #lanes = new Set<BrokerLane>();
  readonly #maxAgeMs: number;
  #aging: NodeJS.Timeout | undefined;
  #controller = -1;
  #asked = new Set<string>();
  #asking: Promise<void> | undefined;

  /** `maxAgeMs`: what is known is asked anew when it is that old, whether or not something was found to be wrong with it. */
  constructor(
    settings: Omit<ConnectionSettings, "host" | "port">,
    seeds: readonly string[],
    maxAgeMs: number = usualMaxAgeMs,
  ) {
    if (!(maxAgeMs > 0))
      throw new MillraceError(`metadataMaxAgeMs is ${maxAgeMs}; it must be more than 0`, { code: "CONFIG" });
    if (seeds.length === 0)
      throw new MillraceError("brokers is empty; it must hold the address of a broker, host:port", {
        code: "CONFIG",
      });
    this.signal = this.#closing.signal;
    setMaxListeners(0, this.signal); // one for whoever waits before trying again
    this.#settings = { ...settings, health: this.health };
    this.#maxAgeMs = Math.min(maxAgeMs, longestMs);
    for (const seed of seeds) brokerAddress(seed);
    this.#seeds = seeds;
    this.#lane = this.lane();
  }

  /** Finds the cluster through one of the seeds, trying them all over for a while. Names them all when none answers. */
  async connect(forMs: number): Promise<void> {
    const giveUpAt = performance.now() + forMs;
    for (let round = 1; ; round++)
      try {
        await this.#bootstrap();
        break;
      } catch (error) {
        if (!(error instanceof TransportError) || !error.retriable || this.signal.aborted) throw error;
        if (performance.now() + 250 * round > giveUpAt) throw error;
        await wait(250 * round, this.signal);
      }
    await this.#checkAdvertised();
    this.#aging ??= setInterval(() => void this.#renew(), this.#maxAgeMs).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#aging);
    this.#closing.abort();
    this.health.close();
    await Promise.all([...this.#lanes].map((lane) => lane.close()));
  }

  /** Connections for one kind of use; closed with the cluster, if not before. */
  lane(): BrokerLane {
    const lane = new BrokerLane(
      this.#settings,
      (node) => this.#brokers.get(node),
      () => this.#lanes.delete(lane),
    );
    this.#lanes.add(lane);
    return lane;
  }

  get controller(): number {
    return this.#controller;
  }

  /** Node id of a partition's leader as far as it is known. */
  knownLeader(topic: string, partition: number): number | undefined {
    const leader = this.#leaders.get(topic)?.[partition];
    return leader === undefined || leader < 0 ? undefined : leader;
  }

  /** Node id of a partition's leader; asks the cluster when it is not known. A retriable TransportError: there is none. */
  async leader(topic: string, partition: number): Promise<number> {
    const known = this.knownLeader(topic, partition);
    if (known !== undefined) return known;
    await this.refresh([topic]);
    const leader = this.knownLeader(topic, partition);
    if (leader !== undefined) return leader;
    const error = this.#errors.get(topic);
    if (error !== undefined) throw kafkaError(error, `metadata of ${topic}`);
    const partitions = this.#leaders.get(topic)?.length ?? 0;
    if (partition >= partitions)
      throw new TransportError(
        `${topic} has ${partitions} partitions, and no partition ${partition}`,
        "UNKNOWN_TOPIC_OR_PARTITION",
        "retry",
      );
    throw new TransportError(`${topic}-${partition} has no leader`, "LEADER_NOT_AVAILABLE", "retry");
  }

  /** Groups things by the leaders of their partitions. Rejects with a TransportError when one has none. */
  async byLeader<T>(
    things: readonly T[],
    partitionOf: (thing: T) => { readonly topic: string; readonly partition: number },
  ): Promise<ReadonlyMap<number, readonly T[]>> {
    const grouped = new Map<number, T[]>();
    for (const thing of things) {
      const { topic, partition } = partitionOf(thing);
      const leader = this.knownLeader(topic, partition) ?? (await this.leader(topic, partition));
      const members = grouped.get(leader);
      if (members === undefined) grouped.set(leader, [thing]);
      else members.push(thing);
    }
    return grouped;
  }

  /** Asks anew who leads these topics; calls of the same moment share one request. */
  refresh(topics: Iterable<string>): Promise<void> {
    for (const topic of topics) this.#asked.add(topic);
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  /** The topics (all for null) as a broker describes them, also those that it does not know. */
  async describe(topics: readonly string[] | null): Promise<readonly DescribedTopic[]> {
    const description = await this.sendToAny(metadata(topics));
    this.#learn(description);
    return description.topics;
  }

  /**
   * Sends to a broker, whichever answers first: to another one after each failure, and after a second without an answer.
   * Finds the cluster again from the seeds when none does.
   */
  async sendToAny<Answer>(request: Request<Answer>, timeoutMs?: number): Promise<Answer> {
    const attempts = this.#byPreference().map((node) => () => this.#lane.send(node, request, timeoutMs));
    try {
      if (attempts.length > 0) return await firstAnswer(attempts, hedgeAfterMs, this.signal);
    } catch (error) {
      if (!(error instanceof TransportError) || error.kafkaError !== "NETWORK") throw error;
      await this.#bootstrap();
      throw error;
    }
    await this.#bootstrap();
    throw new TransportError(
      `${requestText(request)}: the cluster has named no broker yet`,
      "BROKER_NOT_AVAILABLE",
      "retry",
    );
  }

  /** Sends to a certain broker. */
  send<Answer>(node: number, request: Request<Answer>): Promise<Answer> {
    return this.#lane.send(node, request);
  }

  /** Brokers with a connection first, then the others, and at last those that do not answer; by chance among them. */
  #byPreference(): readonly number[] {
    const rated = [...this.#brokers.values()].map(({ node, host, port }) => ({
      node,
      rate:
        (this.health.isUnreachable(`${host}:${port}`) ? 2 : this.#lane.isOpen(node) ? 0 : 1) + Math.random(),
    }));
    return rated.toSorted((a, b) => a.rate - b.rate).map(({ node }) => node);
  }

  /** Asks anew for all that is known. */
  async #renew(): Promise<void> {
    try {
      await this.refresh(this.#leaders.keys());
    } catch (error) {
      // It stays as it is until the next time: that brokers do not answer is told elsewhere.
      if (!(error instanceof TransportError)) throw error;
    }
  }

  async #ask(): Promise<void> {
    await Promise.resolve(); // the rest of this turn may ask for more
    const asked = [...this.#asked];
    this.#asked = new Set();
    this.#asking = undefined;
    await this.describe(asked);
  }

  async #bootstrap(): Promise<void> {
    const failures: string[] = [];
    let last: TransportError | undefined;
    for (const seed of this.#seeds) {
      if (this.signal.aborted) throw new TransportError("the transport is closed", "CLOSED", "fatal");
      const link = new BrokerLink({ ...this.#settings, ...brokerAddress(seed), node: -1 });
      try {
        this.#learn(await link.send(metadata([])));
        return;
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        failures.push(error.message);
        last = error;
      } finally {
        await link.close();
      }
    }
    throw new TransportError(
      `no Kafka broker answers at ${this.#seeds.join(", ")} (${failures.join("; ")}): check the addresses, TLS and SASL, ` +
        "and that the brokers run",
      last?.kafkaError ?? "NETWORK",
      last?.rank ?? "retry",
      { cause: last },
    );
  }

  /** The usual mistake: the seed answers, and what it advertises is out of reach from here. */
  async #checkAdvertised(): Promise<void> {
    try {
      await this.sendToAny(metadata([]));
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      const advertised = [...this.#brokers.values()].map(({ host, port }) => `${host}:${port}`).join(", ");
      throw new TransportError(
        `${this.#seeds.join(", ")} answers, and says that its brokers are at ${advertised}, where none does ` +
          `(${error.message}): check advertised.listeners`,
        error.kafkaError,
        error.rank,
        { cause: error },
      );
    }
  }

  #learn({ brokers, controller, topics }: ClusterDescription): void {
    // A broker that has just started knows of no other yet.
    if (brokers.length > 0) {
      this.#brokers.clear();
      for (const broker of brokers) this.#brokers.set(broker.node, broker);
      this.#controller = controller;
    }
    for (const { topic, errorCode, partitions } of topics) {
      if (errorCode === 0) this.#errors.delete(topic);
      else this.#errors.set(topic, errorCode);
      if (errorCode === topicUnknown) this.#leaders.delete(topic);
      if (partitions.length === 0) continue;
      const leaders: number[] = [];
      for (const { partition, leader } of partitions) leaders[partition] = leader;
      this.#leaders.set(topic, leaders);
    }
  }
}
