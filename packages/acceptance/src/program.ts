import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A program as it is really run, a process of its own: built, or from source. */
export class Program {
  output = "";
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(main: URL, environment: Readonly<Record<string, string>>, args: readonly string[] = []) {
    const conditions = main.pathname.endsWith(".ts") ? ["--conditions=@millrace/source"] : [];
    this.#child = spawn(process.execPath, [...conditions, fileURLToPath(main), ...args], {
      env: { PATH: process.env["PATH"] ?? "", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#exited = once(this.#child, "exit");
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on("data", (data: Buffer) => {
        this.output += data.toString("utf8");
      });
  }

  kill(signal: "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT"): void {
    this.#child.kill(signal);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Its exit code, null when a signal ended it. */
  async exit(): Promise<number | null> {
    await this.#exited;
    return this.#child.exitCode;
  }
}
