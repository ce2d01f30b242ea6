import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";

/** Ticks of Linux's clock in /proc, a second; everywhere but on machines of another age. */
const ticksPerSecond = 100;

/** CPU time, s, that each process and the machine as a whole have used so far; a process that has gone has NaN. */
interface CpuTimes {
  readonly at: number;
  readonly machine: number;
  readonly processes: ReadonlyMap<string, number>;
}

/** How many cores were busy, by whom; what is left of the machine's was idle. */
export interface CoresUsed {
  readonly cores: number;
  readonly by: ReadonlyMap<string, number>;
  /** By everything else on the machine. */
  readonly others: number;
}

/** Measures from now on, by /proc; answers undefined where there is none. */
export const coresUsed = async (
  pids: ReadonlyMap<string, number>,
): Promise<() => Promise<CoresUsed | undefined>> => {
  const before = await cpuTimes(pids).catch(() => undefined);
  return async () => {
    const after = await cpuTimes(pids).catch(() => undefined);
    if (before === undefined || after === undefined) return undefined;
    const seconds = (after.at - before.at) / 1_000;
    const by = new Map(
      [...after.processes].map(([name, used]) => [
        name,
        (used - (before.processes.get(name) ?? 0)) / seconds,
      ]),
    );
    const all = (after.machine - before.machine) / seconds;
    const others = Math.max(0, all - [...by.values()].reduce((sum, used) => sum + used, 0));
    return { cores: availableParallelism(), by, others };
  };
};

const cpuTimes = async (pids: ReadonlyMap<string, number>): Promise<CpuTimes> => {
  const processes = await Promise.all(
    [...pids].map(async ([name, pid]) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8");
      // Behind the name of the command, which may have spaces in it: user and system time are the 12th and 13th.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [name, seconds(fields[11]) + seconds(fields[12])] as const;
    }),
  );
  const [line = ""] = (await readFile("/proc/stat", "utf8")).split("\n");
  // User, nice, system, idle, waiting for a disk, interrupts.
  const [user, nice, system, , , ...interrupts] = line.split(/\s+/).slice(1, 8);
  const machine = [user, nice, system, ...interrupts].reduce((sum, ticks) => sum + seconds(ticks), 0);
  return { at: performance.now(), machine, processes: new Map(processes) };
};

const seconds = (ticks: string | undefined): number => Number(ticks) / ticksPerSecond;
