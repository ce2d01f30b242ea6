import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Transport } from "@millrace/streams";
import { partitions } from "../bench-topics.ts";
import { measuredUntil } from "../measured-until.ts";
import type { Measurement } from "../measurement.ts";
import { say } from "../say.ts";
import { untilCommitted } from "../until-committed.ts";
import { endedByItself } from "./ended-by-itself.ts";
import { folderBytes } from "./folder-bytes.ts";
import type { StateEngine } from "./state-engines.ts";
import type { StateJob } from "./state-job.ts";
import { takeOver } from "./take-over.ts";

export interface StateRunsOptions {
  readonly transport: Transport;
  /** For the state of all runs, one after the other. */
  readonly folder: string;
  readonly engines: ReadonlyMap<string, StateEngine>;
  readonly job: Pick<StateJob, "brokers" | "input" | "guarantee" | "records">;
}

type Run = (engine: StateEngine, job: Omit<StateJob, "phase">) => Promise<Measurement>;

/** What every engine does with the state of one input; each workload after `keep`. */
export class StateRuns {
  readonly #options: StateRunsOptions;

  constructor(options: StateRunsOptions) {
    this.#options = options;
  }

  /** Keeps the latest value of each key on disk. */
  keep(): Promise<ReadonlyMap<string, Measurement>> {
    const { transport, job: of } = this.#options;
    return this.#each("keeping", async (engine, job) => {
      const { command, args } = engine({ ...job, phase: "keep" });
      const { recordsPerSecond, cpuMicrosPerRecord, peakRssBytes } = await measuredUntil(
        command,
        args,
        (signal) => untilCommitted(transport, job.applicationId, [of.input], signal),
      );
      const stateBytes = folderBytes(job.stateFolder);
      return { recordsPerSecond, cpuMicrosPerRecord, peakRssBytes, stateBytes };
    });
  }

  /** Reads it back from the changelog. */
  restore(onto: "memory" | "disk"): Promise<ReadonlyMap<string, Measurement>> {
    return this.#each(`restoring, ${onto}`, (engine, { stateFolder, ...job }) =>
      endedByItself(
        engine({ ...job, phase: "restore", stateFolder: onto === "disk" ? stateFolder : undefined }),
      ),
    );
  }

  /** A second member takes over what the first has, from its changelogs or from its standbys. */
  takeOver(standbys: number): Promise<ReadonlyMap<string, Measurement>> {
    const half = partitions / 2;
    return this.#each(`taking over, ${standbys} standbys`, (engine, { stateFolder, ...job }) => {
      const member = (name: string): ReturnType<StateEngine> =>
        engine({
          ...job,
          phase: "member",
          standbys,
          records: job.records / 2,
          stateFolder: join(stateFolder ?? "", name),
        });
      const tasks = { active: half, standby: standbys * half };
      return takeOver([member("first"), member("second")], tasks);
    });
  }

  async #each(what: string, run: Run): Promise<ReadonlyMap<string, Measurement>> {
    const { engines, folder, job } = this.#options;
    const results = new Map<string, Measurement>();
    for (const [name, engine] of engines) {
      say(`state: ${what}: ${name}`);
      const stateFolder = join(folder, name);
      const applicationId = `${job.input}-${name}`;
      results.set(name, await run(engine, { ...job, applicationId, stateFolder, standbys: 0 }));
      rmSync(stateFolder, { recursive: true, force: true });
    }
    return results;
  }
}
