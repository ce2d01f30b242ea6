import {
  type App,
  type AppOptions,
  createApp,
  type Log,
  string,
  topic,
  type Topology,
} from "../src/index.ts";
import { simulatedCluster, type SimulatedCluster, VirtualClock } from "../src/testing/index.ts";
import type { Fate } from "../src/testing/simulated-cluster/network-weather.ts";
import type { SimulatedProcess } from "../src/testing/simulated-cluster/simulated-process.ts";

const fair: Fate = { thereMs: 1, backMs: 1, lost: "no" };

/** What an application has logged. */
interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface WorldOptions {
  /** Of each of its topics; 1. */
  readonly partitions?: number;
  /** "in", "out", "counts" and "letters". */
  readonly topics?: readonly string[];
}

/** A cluster with some topics, on a clock of its own, and applications in processes of their own. */
export class World {
  readonly clock: VirtualClock = new VirtualClock();
  readonly cluster: SimulatedCluster;
  readonly lines: Line[] = [];
  /** What becomes of a request that is not to arrive in good order. */
  weather: (request: string, process: string) => Fate | undefined = () => undefined;
  readonly apps: App[] = [];

  constructor({ partitions = 1, topics = ["in", "out", "counts", "letters"] }: WorldOptions = {}) {
    this.cluster = simulatedCluster({
      clock: this.clock,
      weather: (process, request) => this.weather(request, process) ?? fair,
    });
    for (const name of topics) this.create(name, partitions);
  }

  create(name: string, partitions: number): void {
    this.cluster.createTopic({ topic: name, partitions, configs: {} });
  }

  /** An application in a process of its own. */
  app(
    what: Topology,
    options: Partial<AppOptions> = {},
    process: SimulatedProcess = this.cluster.process(),
  ): App {
    const log: Log = (level, message, fields) =>
      void this.lines.push({ level, message, fields: fields ?? {} });
    const transport = this.cluster.transport(process);
    const app = createApp(what, { transport, clock: process, log, ...options });
    this.apps.push(app);
    return app;
  }

  async running(what: Topology, options: Partial<AppOptions> = {}, process?: SimulatedProcess): Promise<App> {
    const app = this.app(what, options, process);
    await this.clock.run(app.start(), 60_000);
    return app;
  }

  until(done: () => boolean, withinMs = 60_000): Promise<boolean> {
    return this.clock.runUntil(done, withinMs);
  }

  /** What is committed in a topic of texts. */
  values(topicName = "out"): readonly string[] {
    return this.cluster.read(topic(topicName, { key: string(), value: string() })).map(({ value }) => value);
  }

  warned(pattern: RegExp): Line | undefined {
    return this.lines.find(
      ({ level, message }) => level !== "info" && level !== "debug" && pattern.test(message),
    );
  }

  /** Stops all applications. */
  async end(): Promise<void> {
    await this.clock.run(Promise.all(this.apps.map((app) => app.stop())), 60_000);
    this.cluster.close();
  }
}
