import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Measurement } from "../measurement.ts";

const main = fileURLToPath(new URL("./surge-main.js", import.meta.url));

/** Memory and lag at a moment. */
export interface Sample {
  /** Since the first record, s. */
  readonly atSeconds: number;
  readonly rssBytes: number;
  /** Demand records that were known and not taken yet. */
  readonly lag: number;
}

export interface SurgeMeasurement extends Omit<Measurement, "recordsPerSecond"> {
  /** From the first record on, s. */
  readonly seconds: number;
  readonly samples: readonly Sample[];
}

/** The surge service in a process of its own, so that its CPU and memory are its alone. */
export class SurgeProcess {
  readonly #child: ChildProcess;
  #failure: Error | undefined;

  constructor(
    environment: Readonly<Record<string, string>>,
    records: number,
    nodeOptions: readonly string[],
  ) {
    this.#child = fork(main, [String(records)], {
      execArgv: [...nodeOptions],
      env: { PATH: process.env["PATH"] ?? "", ...environment },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#child.once("exit", (code) => {
      if (code !== 0) this.#failure = new Error(`the surge service ended with code ${code}`);
    });
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error("the surge service can't be started");
    return pid;
  }

  /** Throws when it has ended by itself. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Everything is done: measures, and stops it. */
  async finish(): Promise<SurgeMeasurement> {
    this.check();
    const exited = once(this.#child, "exit");
    const answered = once(this.#child, "message");
    this.#child.send("finish");
    const [measurement] = (await Promise.race([answered, exited])) as [SurgeMeasurement | number];
    if (typeof measurement !== "object") throw new Error("the surge service ended before it was measured");
    await exited;
    return measurement;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
