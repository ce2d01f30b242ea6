import { createServer, type Server, type ServerResponse } from "node:http";
import { type App, keyValueStore, long, MillraceError, string } from "@millrace/streams";

/** The store that `count({ store: "counts" })` of the word count keeps. */
const counts = keyValueStore("counts", { key: string(), value: long() });

/** A question that another process has passed on is not passed on again. */
const passedOn = "x-passed-on";

const answer = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

/** Asks the other processes, one after the other, for what this one does not have. */
const ask = async (peers: readonly string[], path: string, response: ServerResponse): Promise<boolean> => {
  for (const peer of peers) {
    const asked = await fetch(`${peer}${path}`, { headers: { [passedOn]: "1" } }).catch(() => undefined);
    if (asked === undefined || (asked.status !== 200 && asked.status !== 404)) continue;
    answer(response, asked.status, (await asked.json()) as object);
    return true;
  }
  return false;
};

/**
 * Serves what an application has counted: `GET /counts/<word>` from whichever process has the word, `GET /counts` what this
 * one has. `peers`: the other processes, as `http://host:port`.
 */
export const serveCounts = (app: App, peers: readonly string[]): Server => {
  const store = app.store(counts);
  const serve = async (path: string, wasPassedOn: boolean, response: ServerResponse): Promise<void> => {
    try {
      const [, word] = /^\/counts\/(.+)$/.exec(path) ?? [];
      if (word === undefined) {
        answer(response, 200, Object.fromEntries(store.all()));
        return;
      }
      const count = store.get(decodeURIComponent(word));
      if (count === undefined) answer(response, 404, { error: "never seen" });
      else answer(response, 200, { count });
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      if (error.code === "STORE_ELSEWHERE" && !wasPassedOn && (await ask(peers, path, response))) return;
      // While a partition moves or is restored nobody can say: try again.
      answer(response, error.code === "STORE_ELSEWHERE" ? 421 : 503, {
        error: error.message,
        code: error.code,
        retriable: error.retriable,
      });
    }
  };
  return createServer((request, response) => {
    serve(request.url ?? "/", request.headers[passedOn] !== undefined, response).catch((error: unknown) =>
      answer(response, 500, { error: String(error) }),
    );
  });
};
