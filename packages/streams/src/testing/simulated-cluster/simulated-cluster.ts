import { type Clock, systemClock } from "../../clock.ts";
import { NetworkPath } from "./network-path.ts";
import { SimulatedBroker } from "./simulated-broker.ts";
import { SimulatedTransport } from "./simulated-transport.ts";

export interface SimulatedClusterOptions {
  /** Of session, rebalance and transaction time-outs; the system's by default. */
  readonly clock?: Clock;
  /** How long a message is on its way, ms, asked for each; 0 by default: until the event loop's next turn. */
  readonly latencyMs?: () => number;
}

/** A Kafka cluster in this process: topics, groups, transactions, fencing, compaction. All of it goes with the process. */
export interface SimulatedCluster {
  /** A client of its own, to be connected and closed like any other. */
  transport(): SimulatedTransport;
  /** Compacts every partition of a topic now. */
  compact(topic: string): void;
  /** Stops its timers. */
  close(): void;
}

/** Starts one. */
export const simulatedCluster = ({
  clock = systemClock,
  latencyMs = () => 0,
}: SimulatedClusterOptions = {}): SimulatedCluster => {
  const broker = new SimulatedBroker(clock);
  const delay = (): Promise<void> => {
    const ms = latencyMs();
    return new Promise((resolve) => {
      if (ms > 0) clock.setTimeout(resolve, ms);
      else clock.setImmediate(resolve);
    });
  };
  return {
    transport: () => new SimulatedTransport(broker, new NetworkPath(delay)),
    compact: (topic) => {
      for (const log of broker.topic(topic).logs) log.compact();
    },
    close: () => broker.close(),
  };
};
