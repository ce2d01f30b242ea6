import { parentPort } from "node:worker_threads";
import { eachChange } from "./change-chunk.ts";
import { type Environment, openEnvironment, positionKey } from "./environment.ts";
import type { WriterAnswer, WriterRequest } from "./writer-messages.ts";

/** Encoding and writing rows costs microseconds each, and syncing the disk milliseconds: all of it happens here. */
const environments = new Map<string, Environment>();

const write = (request: Extract<WriterRequest, { type: "write" }>): WriterAnswer["sizes"] => {
  const { path, stores, changes, positions } = request;
  let environment = environments.get(path);
  if (environment === undefined) environments.set(path, (environment = openEnvironment(path)));
  const { root, meta, store } = environment;
  const databases = stores.map(store);
  const written = new Set<number>();
  // State and positions are in one transaction: after a crash both are there, or neither.
  root.transactionSync(() => {
    for (const { store: at, chunks } of changes) {
      const database = databases[at];
      written.add(at);
      for (const chunk of chunks)
        eachChange(chunk, ({ key, value }) => {
          if (value === null) database?.removeSync(key);
          else database?.putSync(key, value);
        });
    }
    for (const [name, position] of positions) meta.putSync(positionKey(name), Buffer.from(String(position)));
  });
  return [...written].map((at) => [stores[at] ?? "", sizeOf(databases[at])]);
};

const sizeOf = (database: { getStats(): { readonly entryCount?: number } } | undefined): number =>
  database?.getStats().entryCount ?? 0;

const answer = async (request: WriterRequest): Promise<WriterAnswer> => {
  const { id, type, path } = request;
  try {
    if (type === "write") return { id, sizes: write(request) };
    await environments.get(path)?.root.close();
    environments.delete(path);
    return { id, sizes: [] };
  } catch (error) {
    return { id, sizes: [], error: error instanceof Error ? error.message : String(error) };
  }
};

parentPort?.on("message", (request: WriterRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});
