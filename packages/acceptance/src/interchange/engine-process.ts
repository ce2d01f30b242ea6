import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

export type Engine = "jvm" | "millrace";

/** The applications of one engine, in a process of their own. */
export class EngineProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exited: Promise<unknown>;
  readonly #engine: Engine;
  #output = "";

  /** `args`: see `jvm/Interchange.java`. */
  constructor(engine: Engine, classpath: string, args: readonly string[]) {
    const [command, ...before] =
      engine === "jvm"
        ? ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", classpath, "Interchange"]
        : [
            process.execPath,
            "--conditions=@millrace/source",
            fileURLToPath(new URL("./interchange-main.ts", import.meta.url)),
          ];
    this.#engine = engine;
    this.#child = spawn(command ?? "", [...before, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    this.#exited = once(this.#child, "exit");
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on("data", (data: Buffer) => {
        this.#output += data.toString("utf8");
      });
  }

  /** Throws when it has ended by itself. */
  check(): void {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null)
      throw new Error(`${this.#engine} ended with ${exitCode ?? signalCode}:\n${this.#output}`);
  }

  /** Commits, closes and leaves the groups. */
  async stop(): Promise<void> {
    this.check();
    this.#child.stdin.end();
    await this.#exited;
    if (this.#child.exitCode !== 0)
      throw new Error(`${this.#engine} ended with ${this.#child.exitCode}:\n${this.#output}`);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.#exited;
  }

  get output(): string {
    return this.#output;
  }
}
