import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const supervisor = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./supervisor.ts" : "./supervisor.js", import.meta.url),
);

/** A process that ends with this one, also when this one is killed. Its data folder goes with it. */
export class Supervised {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #log: string;
  readonly #exited: Promise<unknown>;

  private constructor(
    child: ChildProcess,
    pid: number,
    folder: string,
    log: string,
    exited: Promise<unknown>,
  ) {
    this.#child = child;
    this.pid = pid;
    this.#folder = folder;
    this.#log = log;
    this.#exited = exited;
  }

  static async start(folder: string, command: string, args: readonly string[]): Promise<Supervised> {
    const log = join(folder, "output.log");
    const child = spawn(process.execPath, [supervisor, folder, command, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const exited = once(child, "exit");
    const output = createWriteStream(log);
    child.stderr?.pipe(output, { end: false });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.stdout?.once("data", (data: Buffer) => {
        const line = data.toString("utf8");
        const found = /^supervised (\d+)/.exec(line)?.[1];
        if (found === undefined) reject(new Error(`the supervisor said: ${line}`));
        else resolve(Number(found));
        child.stdout?.pipe(output, { end: false });
      });
    });
    child.unref();
    return new Supervised(child, pid, folder, log, exited);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last lines that it wrote. */
  async tail(lines = 15): Promise<string> {
    const text = await readFile(this.#log, "utf8").catch(() => "");
    return text.split("\n").slice(-lines).join("\n");
  }

  /** Resolves when it has ended, however. */
  async ended(): Promise<void> {
    this.#child.ref();
    await this.#exited;
  }

  async stop(): Promise<void> {
    if (this.running) {
      this.#child.ref();
      this.#child.stdin?.end();
      await this.#exited;
    }
    // Its supervisor leaves the folder of one that ended by itself: there is a log in it.
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** It ended by itself before it was ready. */
export class EndedEarly extends Error {
  override readonly name = "EndedEarly";
}

/** Waits until `ready` holds; throws with the end of the log when it takes too long or the process ends. */
export const untilReady = async (
  what: string,
  running: Supervised,
  ready: () => Promise<boolean>,
  withinMs = 60_000,
): Promise<void> => {
  for (const giveUp = Date.now() + withinMs; ;) {
    if (await ready().catch(() => false)) return;
    const ended = !running.running;
    if (ended || Date.now() > giveUp) {
      const message = `${what} did not come up; the end of its log:\n${await running.tail()}`;
      await running.stop();
      throw ended ? new EndedEarly(message) : new Error(message);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
