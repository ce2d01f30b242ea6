import type { SimulatedCluster } from "../../src/testing/simulated-cluster/simulated-cluster.ts";
import type { Fate } from "../../src/testing/simulated-cluster/network-weather.ts";
import type { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { faultsMs } from "./faults-ms.ts";
import { below, oneOf } from "./input.ts";
import { disasters } from "./disasters.ts";
import type { Members } from "./members.ts";
import type { Workload } from "./workload.ts";

/** Requests at which something may happen to whoever sends them. */
const requests = [
  "EndTxn(commit)",
  "EndTxn(commit)",
  "TxnOffsetCommit",
  "AddPartitionsToTxn",
  "AddOffsetsToTxn",
  "Produce",
  "OffsetFetch",
  "ListOffsets",
  "InitProducerId",
  "JoinGroup",
  "SyncGroup",
  "Heartbeat",
  "Fetch",
  "FindCoordinator",
  "Metadata",
  "LeaveGroup",
  "EndTxn(abort)",
  "DescribeConfigs",
];
const traps = [
  "killed before it",
  "killed after it",
  "answer lost",
  "answer late",
  "frozen before it",
  "frozen after it",
  "lost",
] as const;

interface Trap {
  readonly request: string;
  readonly what: (typeof traps)[number];
  /** It snaps at the n-th such request. */
  left: number;
}

/** A wall clock jumps by this much at most, forward or back, ms. */
const mostSkewMs = 600_000;

/**
 * What goes wrong in one schedule: bad weather, traps at certain requests, and faults at certain moments, all of them
 * from the clock's chance and none after `faultsMs`.
 */
export class Chaos {
  readonly #clock: VirtualClock;
  readonly #trace: (line: string) => void;
  readonly #roughness: number;
  readonly #traps: Trap[];
  #members: Members | undefined;
  #over = false;

  constructor(clock: VirtualClock, calm: boolean, trace: (line: string) => void) {
    const random = (): number => clock.random();
    this.#clock = clock;
    this.#trace = trace;
    this.#over = calm;
    this.#roughness = oneOf(random, [0, 0.3, 1]);
    this.#traps = Array.from({ length: calm ? 0 : below(random, 5) }, () => ({
      request: oneOf(random, requests),
      what: oneOf(random, traps),
      left: below(random, random() < 0.5 ? 4 : 40),
    }));
  }

  /** What becomes of a request. */
  readonly weather = (process: string, request: string): Fate => {
    const random = (): number => this.#clock.random();
    const thereMs = 1 + below(random, 2);
    const backMs = 1 + below(random, 2);
    if (this.#over) return { thereMs, backMs, lost: "no" };
    const trap = this.#traps.find((candidate) => candidate.request === request && candidate.left-- === 0);
    if (trap !== undefined && process !== "client") return this.#snap(trap, process, thereMs, backMs);
    const chance = random() / this.#roughness;
    if (chance < 0.004) return { thereMs, backMs, lost: "request" };
    if (chance < 0.008) return { thereMs, backMs, lost: "answer" };
    if (chance < 0.012) return { thereMs: thereMs + below(random, 2_000), backMs, lost: "no" };
    if (chance < 0.016) return { thereMs, backMs: backMs + below(random, 7_000), lost: "no" };
    if (chance < 0.06)
      return { thereMs: thereMs + below(random, 60), backMs: backMs + below(random, 60), lost: "no" };
    return { thereMs, backMs, lost: "no" };
  };

  /** How long a transaction's marker is on its way. */
  readonly markerMs = (): number => {
    if (this.#over) return 1;
    const chance = this.#clock.random();
    if (chance < 0.6) return 0;
    return chance < 0.97 ? Math.ceil(this.#clock.random() * 40) : Math.ceil(this.#clock.random() * 1_500);
  };

  /** Whether one partition of several fails this time. */
  readonly hiccups = (): boolean => !this.#over && this.#clock.random() < 0.002 * this.#roughness;

  /** Lets faults happen, one by one. */
  start(cluster: SimulatedCluster, members: Members, workload: Workload): void {
    this.#members = members;
    if (this.#over) return;
    const random = (): number => this.#clock.random();
    disasters(workload, cluster, members, this.#clock, this.#trace);
    const count = 1 + below(random, 7);
    for (let fault = 0; fault < count; fault++) {
      const at = below(random, faultsMs);
      this.#clock.setTimeout(() => this.#fault(cluster, members, faultsMs - at), at);
    }
  }

  /** From now on nothing goes wrong. */
  end(cluster: SimulatedCluster): void {
    this.#over = true;
    for (const { id } of cluster.brokers.nodes) cluster.brokers.start(id);
  }

  #fault(cluster: SimulatedCluster, members: Members, leftMs: number): void {
    const random = (): number => this.#clock.random();
    const ms = Math.min(leftMs, 50 + below(random, random() < 0.5 ? 800 : 9_000));
    const { brokers } = cluster;
    const kind = below(random, 15);
    const member = members.any(random);
    switch (kind) {
      case 0:
      case 1:
        return members.kill(member, below(random, 3_000));
      case 2:
      case 3:
        return members.freeze(member, ms);
      case 4:
        return members.cutOff(member, "cut", ms);
      case 5:
        return members.cutOff(member, "break", ms);
      case 6:
        return members.restart(member, below(random, 2_000));
      case 7:
        members.join();
        return;
      case 8: {
        const topic = oneOf(random, [...brokers.topics.values()]);
        return brokers.moveLeader(topic.name, below(random, topic.logs.length));
      }
      case 9:
      case 10:
        if (brokers.coordinated.length > 0) brokers.moveCoordinator(oneOf(random, brokers.coordinated));
        return;
      case 11: {
        const node = below(random, brokers.nodes.length);
        brokers.stop(node);
        this.#clock.setTimeout(() => brokers.start(node), ms);
        return;
      }
      case 12:
        return brokers.freeze(below(random, brokers.nodes.length), ms, 600);
      case 13:
        return members.setClock(member, (random() - 0.5) * 2 * mostSkewMs);
      default:
        for (const { name } of brokers.topics.values())
          if (brokers.topic(name).configs.get("cleanup.policy") === "compact") cluster.compact(name);
        this.#trace("changelogs are compacted");
    }
  }

  #snap({ request, what }: Trap, process: string, thereMs: number, backMs: number): Fate {
    this.#trace(`${process} is to be: ${what} (${request})`);
    const members = this.#members;
    const random = (): number => this.#clock.random();
    const restartMs = below(random, 3_000);
    const freezeMs = 50 + below(random, 9_000);
    const survives: Fate = { thereMs, backMs: backMs + 5, lost: "no" };
    const lost: Fate = { thereMs, backMs, lost: "request" };
    if (what === "killed before it") members?.killNamed(process, restartMs);
    if (what === "killed after it")
      this.#clock.setTimeout(() => members?.killNamed(process, restartMs), thereMs);
    if (what === "frozen before it") members?.freezeNamed(process, freezeMs);
    if (what === "frozen after it")
      this.#clock.setTimeout(() => members?.freezeNamed(process, freezeMs), thereMs);
    if (what === "answer lost") return { thereMs, backMs, lost: "answer" };
    if (what === "answer late") return { thereMs, backMs: 500 + below(random, 7_000), lost: "no" };
    return what.endsWith("after it") ? survives : lost;
  }
}
