import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answersApiVersions } from "./answers-api-versions.ts";
import { formatStorage } from "./format-storage.ts";
import { javaArguments } from "./java-arguments.ts";
import { copyLogSettings } from "./kafka-libraries.ts";
import { firstPort, type KafkaSettings, propertiesText } from "./kafka-settings.ts";
import { Supervised, untilReady } from "./supervised.ts";

/** A broker that was killed reads its logs first, and machines are shared, ms: one that does not come up loses its data. */
const startMs = 240_000;

/** One broker of Apache Kafka on the JVM, in a folder that goes with it. */
export class KafkaNode {
  readonly port: number;
  readonly #folder: string;
  readonly #libraries: string;
  readonly #name: string;
  #running: Supervised | undefined;

  private constructor(folder: string, libraries: string, name: string, port: number) {
    this.#folder = folder;
    this.#libraries = libraries;
    this.#name = name;
    this.port = port;
  }

  /** Makes its folder; with the id of a cluster, formats it for KRaft. */
  static async prepare(
    version: string,
    libraries: string,
    settings: KafkaSettings,
    clusterId?: string,
  ): Promise<KafkaNode> {
    const folder = await mkdtemp(join(tmpdir(), "millrace-kafka-"));
    await writeFile(join(folder, "server.properties"), propertiesText(settings));
    await copyLogSettings(folder);
    if (clusterId !== undefined)
      await formatStorage(folder, version, libraries, { clusterId, node: settings["node.id"] ?? "" });
    return new KafkaNode(folder, libraries, `Kafka ${version}`, firstPort(settings));
  }

  /** Process id of its JVM, as long as it runs. */
  get pid(): number | undefined {
    return this.#running?.running === true ? this.#running.pid : undefined;
  }

  /** Starts it on the data that it has, and resolves when it answers. */
  async start(): Promise<void> {
    this.#running = await Supervised.start(this.#folder, "java", [
      ...javaArguments(this.#libraries, "1g"),
      "kafka.Kafka",
      "server.properties",
    ]);
    await untilReady(this.#name, this.#running, () => answersApiVersions(this.port), startMs);
  }

  /** Kills its JVM, and resolves when it is gone. Its data stays. */
  async kill(): Promise<void> {
    const { pid } = this;
    if (pid === undefined) return;
    process.kill(pid, "SIGKILL");
    await this.#running?.ended();
  }

  /** SIGSTOP: it holds its connections, and answers nothing until `thaw`. */
  freeze(): void {
    this.#signal("SIGSTOP");
  }

  thaw(): void {
    this.#signal("SIGCONT");
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    if (this.pid !== undefined) this.thaw();
    await this.#running?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this;
    if (pid === undefined) throw new Error(`${this.#name} on port ${this.port} does not run`);
    process.kill(pid, signal);
  }
}
