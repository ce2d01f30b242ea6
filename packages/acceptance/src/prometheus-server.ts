import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a query answers: a series' labels, and its values over time as text. */
export interface QueriedSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [time: number, value: string])[];
}

/** An alert that is pending or fires. */
export interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: string;
}

/** A real Prometheus, with its data in a directory of its own. */
export class PrometheusServer {
  output = "";
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #url: string;

  private constructor(child: ChildProcess, directory: string, url: string) {
    this.#child = child;
    this.#directory = directory;
    this.#url = url;
    child.stderr?.on("data", (data: Buffer) => {
      this.output += data.toString("utf8");
    });
  }

  /** Starts it at a port of this machine; resolves when it answers. */
  static async start(config: string, port: number): Promise<PrometheusServer> {
    const directory = await mkdtemp(join(tmpdir(), "millrace-prometheus-"));
    await writeFile(join(directory, "prometheus.yml"), config);
    const address = `127.0.0.1:${port}`;
    const child = spawn(
      "prometheus",
      [
        `--config.file=${join(directory, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(directory, "data")}`,
        `--web.listen-address=${address}`,
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    const server = new PrometheusServer(child, directory, `http://${address}`);
    for (const giveUp = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const ready = await fetch(`http://${address}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) return server;
      if (child.exitCode !== null || Date.now() > giveUp) {
        await server.stop();
        throw new Error(`Prometheus does not answer: ${server.output}`);
      }
    }
  }

  /** The series of an expression from then until now, a value a second. Rejects where it does not parse. */
  async query(expression: string, fromMs: number): Promise<readonly QueriedSeries[]> {
    const range = {
      query: expression,
      start: String(fromMs / 1_000),
      end: String(Date.now() / 1_000),
      step: "1",
    };
    const { result } = await this.#get<{ readonly result: readonly QueriedSeries[] }>(
      `query_range?${new URLSearchParams(range).toString()}`,
    );
    return result;
  }

  /** Those that are pending or fire. */
  async alerts(): Promise<readonly ActiveAlert[]> {
    return (await this.#get<{ readonly alerts: readonly ActiveAlert[] }>("alerts")).alerts;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "exit");
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1/${path}`);
    const answer = (await response.json()) as { readonly data: T; readonly error?: string };
    if (!response.ok) throw new Error(`${path}: ${answer.error ?? response.statusText}`);
    return answer.data;
  }
}
