import { type App, createApp, kafka, type Log, type StateBackend } from "@millrace/streams";
import { latestTopology } from "./latest-topology.ts";
import type { StateJob } from "./state-job.ts";

/** The job's application; `onLog` is told of all that it logs, and its troubles go to standard error. */
export const stateApp = (job: StateJob, state: StateBackend | undefined, onLog?: Log): App =>
  createApp(
    latestTopology(job, () => undefined),
    {
      transport: kafka({ brokers: job.brokers.split(",") }),
      guarantee: job.guarantee,
      standbyReplicas: job.standbys,
      sessionTimeoutMs: 6_000,
      heartbeatIntervalMs: 2_000,
      // Members share the tasks at once, wherever their state is.
      acceptableRecoveryLag: Number.MAX_SAFE_INTEGER,
      ...(state !== undefined && { state }),
      log: (level, message, fields) => {
        if (level === "warn" || level === "error") process.stderr.write(`${level}: ${message}\n`);
        onLog?.(level, message, fields);
      },
    },
  );

/** Looks again and again; throws what ended the application. */
export const until = async (app: App, done: () => boolean): Promise<void> => {
  while (!done()) {
    if (app.failure !== undefined) throw app.failure;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};
