import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { accepts } from "./accepts.ts";
import type { Component, StartOptions } from "./component.ts";
import { onFreePorts } from "./on-free-ports.ts";
import { secantusParts } from "./secantus-parts.ts";
import { Supervised, untilReady } from "./supervised.ts";

const launcher = fileURLToPath(new URL("../python/secantus_mongo.py", import.meta.url));

export interface SecantusOptions extends StartOptions {
  /** No replica set, so no transactions. */
  readonly standalone?: boolean;
  /** A port of its own choice by default; given to start again where it was. */
  readonly port?: number;
  /** A folder in which all that it acknowledged outlives a kill; the caller's to remove. By default all is in memory. */
  readonly storage?: string;
}

/**
 * SecantusDB: MongoDB's protocol over WiredTiger, a replica set of one member with sessions, transactions, write
 * conflicts and fail points. A process of its own, for tests only: its licence is the GPL.
 */
export const startSecantus = async (options: SecantusOptions = {}): Promise<Component> => {
  const parts = await secantusParts(options.onProgress);
  options.onProgress?.("mongo (SecantusDB): starting");
  const { port } = options;
  return port === undefined
    ? onFreePorts(1, ([free = 0]) => start(parts, free, options))
    : start(parts, port, options);
};

const start = async (
  { python, site }: Awaited<ReturnType<typeof secantusParts>>,
  port: number,
  { standalone = false, storage }: SecantusOptions,
): Promise<Component> => {
  const folder = await mkdtemp(join(tmpdir(), "millrace-mongo-"));
  const running = await Supervised.start(folder, "env", [
    `PYTHONPATH=${site}`,
    "PYTHONUNBUFFERED=1",
    python,
    launcher,
    "--port",
    String(port),
    ...(standalone ? ["--standalone"] : []),
    ...(storage === undefined ? [] : ["--storage", storage, "--sync-on-commit"]),
  ]);
  await untilReady("MongoDB", running, () => accepts(port));
  return {
    name: "mongo",
    rung: "python",
    address: `mongodb://127.0.0.1:${port}/${standalone ? "" : "?directConnection=true"}`,
    detail: `SecantusDB on Python, ${standalone ? "standalone, without transactions" : "a replica set of one member"}`,
    pid: running.pid,
    stop: () => running.stop(),
  };
};
