import { setTimeout as sleep } from "node:timers/promises";
import { startKafkaCluster } from "@millrace/devstack";
import { kafka } from "@millrace/streams";
import { ClusterAdmin } from "./cluster-admin.ts";
import type { Fault, Stage } from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { Load } from "./load.ts";
import { Members } from "./members.ts";
import { topics, windowMs } from "./pipeline.ts";
import { isTold, tellWithinMs } from "./told.ts";

/** What was to hold, and what was wrong with it; nothing where it did. */
export interface Verdict {
  readonly what: string;
  readonly wrong: readonly string[];
}

export interface ChaosOptions {
  /** In [0, 1). */
  readonly random: () => number;
  /** What happens next, in this order; undefined: no more. Asked when all is under way, and after each round. */
  readonly nextRound: () => readonly Fault[] | undefined;
  /** Told what goes on. */
  readonly say: (line: string) => void;
}

/** A broker that is back leads again what it is preferred for, within seconds: or its next outage would concern nobody. */
const leadAgain = {
  "leader.imbalance.check.interval.seconds": "3",
  "leader.imbalance.per.broker.percentage": "0",
};
/** Between two faults, ms. */
const pauseMs = 3_000;
/** After the last fault all must be caught up within this time, ms. */
const catchUpMs = 30_000;
const lookEveryMs = 500;
/** Then nothing more may come for this long, ms. */
const quietMs = 2_000;

/** Runs the application on three brokers under load, lets rounds of faults happen, and judges after each. */
export const runChaos = async ({ random, nextRound, say }: ChaosOptions): Promise<readonly Verdict[]> => {
  const cluster = await startKafkaCluster({ onProgress: say, overrides: leadAgain });
  const transport = kafka({ brokers: cluster.addresses });
  const ends: (() => Promise<unknown>)[] = [() => cluster.stop(), () => transport.close()];
  try {
    await transport.connect();
    await transport.createTopics(
      [...topics].map(([topic, partitions]) => ({ topic, partitions, configs: { "retention.ms": "-1" } })),
    );
    const admin = await ClusterAdmin.connect(cluster.addresses);
    ends.push(() => admin.disconnect());
    const ledger = new Ledger(transport);
    ends.push(() => ledger.close());
    const members = await Members.start(cluster.addresses, ["a", "b", "c"]);
    ends.push(() => members.close());
    const load = new Load(transport);
    ends.push(() => load.close());
    const stage: Stage = { cluster, admin, members, load, ledger, random };
    while (!members.allRun) await sleep(lookEveryMs);
    const verdicts: Verdict[] = [];
    for (let faults = nextRound(); faults !== undefined; faults = nextRound()) {
      load.resume();
      for (const fault of faults) {
        say(fault.name);
        verdicts.push(await judge(fault, stage));
        await sleep(pauseMs);
      }
      verdicts.push(await caughtUp(stage, "after the faults"));
      const { what, wrong } = verdicts.at(-1) as Verdict;
      say(`${what}: ${wrong.length === 0 ? "exact" : "WRONG"}`);
    }
    return verdicts;
  } finally {
    for (const end of ends.toReversed()) await end();
  }
};

/** Lets it happen; wrong is what was not told in time. */
const judge = async (fault: Fault, stage: Stage): Promise<Verdict> => {
  const wrong: string[] = [];
  try {
    for (const told of await fault.happen(stage)) {
      await sleep(Math.max(0, told.since + tellWithinMs - Date.now()));
      const lines = stage.members.lines(told.by);
      if (isTold(told, lines)) continue;
      wrong.push(
        `no log says within ${tellWithinMs / 1_000} s that ${told.what}`,
        ...lines
          .filter(({ at }) => at >= told.since && at <= told.since + 4 * tellWithinMs)
          .map(({ at, level, message }) => `  after ${at - told.since} ms: ${level ?? ""} ${message ?? ""}`),
      );
    }
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
  return { what: fault.name, wrong };
};

/** Ends the load, and waits until everything has come out that had to. */
const caughtUp = async ({ load, ledger, members }: Stage, when: string): Promise<Verdict> => {
  const began = Date.now();
  await load.pause(windowMs + 100);
  const problems = (): readonly string[] => [
    ...members.failures,
    ...ledger.differences,
    ...(members.allRun ? [] : ["a member does not run"]),
  ];
  while (problems().length > 0 && Date.now() - began < catchUpMs) await sleep(lookEveryMs);
  const tookMs = Date.now() - began;
  await sleep(quietMs);
  return {
    what: `${when}: ${ledger.recordsIn} records, caught up within ${(tookMs / 1_000).toFixed(1)} s`,
    wrong: problems(),
  };
};
