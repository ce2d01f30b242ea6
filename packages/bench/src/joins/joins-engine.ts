import type { Engine } from "../engine.ts";
import { jvmEngine } from "../jvm-engine.ts";
import { nodeEngine } from "../node-engine.ts";
import type { JoinsJob } from "./joins-job.ts";

/** The engine of that name; `nodeOptions` go to Millrace's process. */
export const joinsEngine = (name: "millrace" | "jvm", nodeOptions: readonly string[]): Engine<JoinsJob> =>
  name === "millrace"
    ? nodeEngine("joins/joins-millrace", nodeOptions)
    : jvmEngine("Joins", (job, stateFolder) => [
        job.workload,
        job.brokers,
        job.applicationId,
        job.left,
        job.right,
        job.output,
        String(job.windowMs),
        job.guarantee,
        String(job.records),
        stateFolder,
      ]);
