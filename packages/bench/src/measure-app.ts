import { createApp, type Guarantee, kafka, type StateBackend, type Topology } from "@millrace/streams";
import { MeasuredProcess } from "./measured-process.ts";

/** What of a job is the same for every workload. */
interface MeasuredJob {
  readonly brokers: string;
  readonly guarantee: Guarantee;
  readonly records: number;
}

/**
 * Runs a topology in this process, which is the engine's alone, and prints what it measured as its last line of output:
 * from the first call of `onRecord` until it is given a line of input. `state`: where that is kept; in memory by default.
 */
export const measureApp = async (
  { brokers, guarantee, records }: MeasuredJob,
  topologyOf: (onRecord: () => void) => Topology,
  state?: StateBackend,
): Promise<void> => {
  const measured = new MeasuredProcess();
  const app = createApp(topologyOf(measured.record), {
    transport: kafka({ brokers: brokers.split(",") }),
    guarantee,
    ...(state !== undefined && { state }),
    log: (level, message) => {
      if (level === "warn" || level === "error") process.stderr.write(`${level}: ${message}\n`);
    },
  });
  await app.start();
  await measured.untilTold(records, app.done(), () => app.stop());
};
