import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { guaranteeOf } from "../guarantee-of.ts";
import { withJvmProgram } from "../jvm-program.ts";
import { listed } from "../listed.ts";
import { positive } from "../positive.ts";
import { report } from "../report.ts";
import { say } from "../say.ts";
import { sharedOptions } from "../shared-options.ts";
import { withKafka } from "../with-kafka.ts";
import { loadState } from "./load-state.ts";
import { jvm, millrace, type StateEngine } from "./state-engines.ts";
import { StateRuns } from "./state-runs.ts";

const workloads = ["kept", "restored", "taken-over"];

export const stateHelp: string = `  state: the latest value of each key, kept on disk by Millrace (LMDB) and by JVM Kafka Streams 4.4.0 (RocksDB); with the
  first number of keys, read back from the changelog into memory and onto a disk, and taken over by a second member from one
  that is killed, with a standby and without one (seconds from when the group was noticed to change)
  --workloads NAME,... (${workloads.join(",")})
  --records N         of the input (2000000, and at least the keys)
  --keys N,...        how many different keys (1000000,10000000)
  --value-bytes N     (100)
  --engines NAME,...  (millrace,jvm)
  --guarantee NAME    exactly_once or at_least_once (exactly_once)
  --node-option FLAG  for Millrace's process, as --node-option=--max-old-space-size=512; may be repeated
`;

/** `npm run bench -- state`. */
export const stateBench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...sharedOptions,
      workloads: { type: "string", default: workloads.join(",") },
      records: { type: "string", default: "2000000" },
      keys: { type: "string", default: "1000000,10000000" },
      "value-bytes": { type: "string", default: "100" },
    },
  });
  const asked = listed("workloads", values.workloads, workloads);
  const names = listed("engines", values.engines, ["millrace", "jvm"]);
  const keyCounts = values.keys.split(",").map((keys) => positive("keys", keys));
  const leastRecords = positive("records", values.records);
  const valueBytes = positive("value-bytes", values["value-bytes"]);
  const guarantee = guaranteeOf(values.guarantee);

  const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  try {
    await withKafka(async ({ broker, transport }) => {
      const measureAll = async (engines: ReadonlyMap<string, StateEngine>): Promise<void> => {
        for (const [at, keys] of keyCounts.entries()) {
          const records = Math.max(leastRecords, keys);
          const input = `bench-${Date.now()}-state-${keys}`;
          say(`state: sending ${records} records of ${keys} keys`);
          await loadState(transport, { topic: input, records, keys, valueBytes });
          const job = { brokers: broker.address, input, guarantee, records };
          const runs = new StateRuns({ transport, folder, engines, job });
          const kept = await runs.keep();
          if (asked.includes("kept")) report(`state-kept-${keys}-keys`, kept, values.json);
          if (at > 0) continue;
          if (asked.includes("restored")) {
            report("state-restored-into-memory", await runs.restore("memory"), values.json);
            report("state-restored-onto-disk", await runs.restore("disk"), values.json);
          }
          if (asked.includes("taken-over")) {
            report("state-taken-over-without-standby", await runs.takeOver(0), values.json);
            report("state-taken-over-with-standby", await runs.takeOver(1), values.json);
          }
        }
      };
      const ours = names.includes("millrace") ? [["millrace", millrace(values["node-option"])] as const] : [];
      if (names.includes("jvm"))
        await withJvmProgram("KeptState", ({ classpath }) =>
          measureAll(new Map<string, StateEngine>([...ours, ["jvm", jvm(classpath)]])),
        );
      else await measureAll(new Map<string, StateEngine>(ours));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
