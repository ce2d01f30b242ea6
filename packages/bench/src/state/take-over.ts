import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { partitions } from "../bench-topics.ts";
import type { MemberTasks } from "./state-job.ts";
import type { Program } from "./state-engines.ts";
import type { TimedMeasurement } from "./timed-measurement.ts";

/** Of the group's balance and of standbys that come up to date, ms. */
const settleMs = 120_000;

/** Until a member that has had its half for long enough waits for the other's, ms. */
const quietMs = 3_000;

type Line = MemberTasks | TimedMeasurement;

/** A process that is one of two members. */
class MemberProcess {
  readonly #child: ChildProcess;
  #line: Line | undefined;
  #ended = false;

  constructor({ command, args }: Program) {
    this.#child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.#child.once("exit", () => (this.#ended = true));
    if (this.#child.stdout !== null)
      createInterface({ input: this.#child.stdout }).on("line", (line) => {
        this.#line = JSON.parse(line) as Line;
      });
  }

  /** Waits for a line. Throws when the process ends without it. */
  async told<L extends Line>(isIt: (line: Line) => line is L): Promise<L> {
    const by = performance.now() + settleMs;
    for (;;) {
      const line = this.#line;
      if (line !== undefined && isIt(line)) return line;
      if (this.#ended) throw new Error(`a member ended; it last told ${JSON.stringify(line)}`);
      if (performance.now() > by) throw new Error(`a member still tells ${JSON.stringify(line)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

/**
 * Two members share the tasks, with standbys or without, until all is up to date; the first is killed, and the other takes
 * its tasks over.
 */
export const takeOver = async (
  programs: readonly [Program, Program],
  tasks: Omit<MemberTasks, "lag">,
): Promise<TimedMeasurement> => {
  const members = programs.map((program) => new MemberProcess(program));
  const isReady = (line: Line): line is MemberTasks =>
    "active" in line &&
    line.active === tasks.active &&
    line.standby === tasks.standby &&
    // The JVM's count the marker of the last transaction, too.
    line.lag <= partitions;
  try {
    await Promise.all(members.map((member) => member.told(isReady)));
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    const [first, second] = members;
    first?.kill();
    if (second === undefined) throw new Error("there is no second member");
    return await second.told((line): line is TimedMeasurement => "seconds" in line);
  } finally {
    for (const member of members) member.kill();
  }
};
