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
import type { SimulatedProcess } from "../src/testing/simulated-cluster/simulated-process.ts";

const output = topic("out", { key: string(), value: string() });

/** What an application has logged. */
interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A cluster with the topics "in", "out", "counts" and "letters", on a clock of its own. */
export class World {
  readonly clock: VirtualClock;
  readonly cluster: SimulatedCluster;
  readonly lines: Line[] = [];

  constructor(partitions = 1) {
    this.clock = new VirtualClock();
    this.cluster = simulatedCluster({ clock: this.clock });
    for (const name of ["in", "out", "counts", "letters"])
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
    return createApp(what, { transport: this.cluster.transport(process), clock: process, log, ...options });
  }

  async running(what: Topology, options: Partial<AppOptions> = {}, process?: SimulatedProcess): Promise<App> {
    const app = this.app(what, options, process);
    await this.clock.run(app.start(), 60_000);
    return app;
  }

  until(done: () => boolean, withinMs = 60_000): Promise<boolean> {
    return this.clock.runUntil(done, withinMs);
  }

  /** What is committed in "out". */
  values(): readonly string[] {
    return this.cluster.read(output).map(({ value }) => value);
  }

  warned(pattern: RegExp): Line | undefined {
    return this.lines.find(
      ({ level, message }) => level !== "info" && level !== "debug" && pattern.test(message),
    );
  }
}
