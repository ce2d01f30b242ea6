import { fileURLToPath } from "node:url";
import { compileStreams } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";
import { type Engine, EngineProcess } from "./engine-process.ts";
import { InterchangeInputs } from "./interchange-inputs.ts";
import { interchangeTopology } from "./interchange-topologies.ts";
import { outputs, state } from "./outcome.ts";
import { unread } from "./reading-progress.ts";
import { openTransactions } from "./open-transactions.ts";
import { untilGroupsEmpty } from "./until-groups-empty.ts";
import type { AllInterchanged, Interchanged } from "./verdicts.ts";

const program = fileURLToPath(new URL("../../jvm/Interchange.java", import.meta.url));
/** Between two looks at what was committed. */
const pauseMs = 200;
/** For one part, on a machine that has other things to do, too. */
const patienceMs = 600_000;
/** How long something that has been sent is waited for to be under way. */
const underWayMs = 2_000;

export interface InterchangeRun {
  readonly brokers: string;
  readonly transport: Transport;
  /** Who runs when, one application each: "JMJ" is the JVM, Millrace, and the JVM again. */
  readonly orders: readonly string[];
  /** Of topologies. */
  readonly names: readonly string[];
  readonly say: (line: string) => void;
}

/**
 * Sends an input in parts, and runs the applications on them, in the engines that their order says: the first is stopped
 * where it has read the first part; the second is killed in the middle of the third.
 */
export const runInterchange = async ({
  brokers,
  transport,
  orders,
  names,
  say,
}: InterchangeRun): Promise<AllInterchanged> => {
  const prefix = `interchange-${Date.now()}`;
  const applicationOf = (order: string): string => `${prefix}-${order}`;
  const outputTopics = (order: string): readonly string[] =>
    names.map((name) => `${applicationOf(order)}-${name}`);
  const inputs = new InterchangeInputs(transport, prefix);
  const description = interchangeTopology(prefix, prefix, names).describe();
  const sources = inputs.topics.filter((topic) => description.includes(`(topics: [${topic}])`));
  const { classpath, folder, remove } = await compileStreams(program, { onProgress: say });
  const running = new Map<Engine, EngineProcess>();

  /** Starts both engines, each with the applications whose order names it at this place. */
  const start = async (place: 0 | 1 | 2): Promise<void> => {
    for (const engine of ["millrace", "jvm"] as const) {
      const theirs = orders.filter((order) => (order[place] === "J") === (engine === "jvm"));
      if (theirs.length === 0) continue;
      if (engine === "jvm")
        await untilGroupsEmpty(
          brokers,
          theirs.filter((order) => place > 0 && order[place - 1] === "M").map(applicationOf),
        );
      const applications = theirs.map((order) => `${applicationOf(order)}=${names.join(",")}`);
      running.set(engine, new EngineProcess(engine, classpath, [brokers, folder, prefix, ...applications]));
    }
  };

  /** Waits until all applications have read and committed all that was sent, and what they sent to themselves. */
  const untilRead = async (what: string): Promise<void> => {
    const waiting = new Map(orders.map((order): [string, readonly string[]] => [order, []]));
    const since = performance.now();
    while (waiting.size > 0) {
      if (performance.now() - since > patienceMs)
        throw new Error(
          [
            `did not read ${what}:`,
            ...[...waiting].map(([order, all]) => `${order}: ${all.join(", ")}`),
            ...[...running.values()].map(({ output }) => output),
          ].join("\n"),
        );
      for (const one of running.values()) one.check();
      for (const order of waiting.keys()) {
        const left = await unread(transport, applicationOf(order), sources);
        waiting.set(order, left);
        if (left.length > 0) continue;
        waiting.delete(order);
        say(`${order} has read ${what}`);
      }
      if (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };

  /** Waits until transactions of the JVM, which writes as it goes, are open; Millrace writes when it commits. */
  const untilUnderWay = async (): Promise<void> => {
    const topics = orders.filter((order) => order[1] === "J").flatMap(outputTopics);
    const since = performance.now();
    while (performance.now() - since < underWayMs) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (await openTransactions(transport, topics)) {
        say("killed in the middle of a transaction");
        return;
      }
    }
    say("killed between transactions");
  };

  const end = async (how: (process: EngineProcess) => Promise<void>): Promise<void> => {
    const all = [...running.values()];
    running.clear();
    await Promise.all(all.map(how));
  };

  try {
    await inputs.create();
    await transport.createTopics(
      orders
        .flatMap(outputTopics)
        .map((topic) => ({ topic, partitions: 1, configs: { "retention.ms": "-1" } })),
    );
    await inputs.send(0);
    say("first engines");
    await start(0);
    await untilRead("the first part");
    await end((process) => process.stop());

    await inputs.send(1);
    say("second engines");
    await start(1);
    await untilRead("the second part");
    await inputs.send(2);
    await untilUnderWay();
    await end((process) => process.kill());

    await inputs.send(3);
    say("third engines");
    await start(2);
    await untilRead("all");
    await end((process) => process.stop());
    say("comparing");
    const found = new Map<string, Interchanged>();
    for (const order of orders)
      found.set(order, {
        outputs: await outputs(transport, applicationOf(order), names),
        state: await state(transport, applicationOf(order)),
      });
    return found;
  } finally {
    await end((process) => process.kill());
    await remove();
  }
};
