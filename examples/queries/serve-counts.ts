import type { RequestListener, ServerResponse } from "node:http";
import { type App, keyValueStore, long, MillraceError, string } from "@millrace/streams";

/** The store that `count({ store: "counts" })` of the word count keeps. */
const counts = keyValueStore("counts", { key: string(), value: long() });

/** What has been asked of another process is not passed on again; "standby" may be answered by one. */
const passedOn = "x-passed-on";

interface Answer {
  readonly status: number;
  readonly body: object;
}

const reply = (response: ServerResponse, { status, body }: Answer): void => {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
};

/** What a process answers; undefined where it does not, or does not have the word either. */
const ask = async (host: string, path: string, as: "active" | "standby"): Promise<Answer | undefined> => {
  const options = { headers: { [passedOn]: as }, signal: AbortSignal.timeout(2_000) };
  const response = await fetch(`http://${host}${path}`, options).catch(() => undefined);
  if (response?.status !== 200 && response?.status !== 404) return undefined;
  return { status: response.status, body: (await response.json()) as object };
};

/**
 * Answers what an application has counted: `GET /counts/<word>` from whichever process works on the word, or from a standby,
 * a little behind, while that one is out of reach; `GET /counts` what this one has. `self`: its own `applicationServer`.
 */
export const answerCounts = (app: App, self: string): RequestListener => {
  const store = app.store(counts);
  const withStandbys = app.store(counts, { stale: true });

  const here = (word: string, stale: boolean): Answer => {
    const count = (stale ? withStandbys : store).get(word);
    if (count === undefined) return { status: 404, body: { error: "never seen" } };
    return { status: 200, body: stale ? { count, stale } : { count } };
  };

  /** From the process that has the word; else from one with a standby of it. Undefined where nobody answers. */
  const elsewhere = async (word: string, path: string): Promise<Answer | undefined> => {
    const { active, standbys } = app.hostsForKey(counts, word);
    const current = active === undefined || active === self ? undefined : await ask(active, path, "active");
    if (current !== undefined || standbys.includes(self)) return current ?? here(word, true);
    for (const host of standbys) {
      const behind = await ask(host, path, "standby");
      if (behind !== undefined) return behind;
    }
    return undefined;
  };

  const answer = async (path: string, asked: string | undefined): Promise<Answer> => {
    const [, encoded] = /^\/counts\/(.+)$/.exec(path) ?? [];
    try {
      if (encoded === undefined) return { status: 200, body: Object.fromEntries(store.all()) };
      const word = decodeURIComponent(encoded);
      try {
        return here(word, asked === "standby");
      } catch (error) {
        const isElsewhere = error instanceof MillraceError && error.code === "STORE_ELSEWHERE";
        const found = isElsewhere && asked === undefined ? await elsewhere(word, path) : undefined;
        if (found === undefined) throw error;
        return found;
      }
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      // While a partition moves or is restored nobody can say: try again.
      const { code, message, retriable } = error;
      return { status: code === "STORE_ELSEWHERE" ? 421 : 503, body: { error: message, code, retriable } };
    }
  };

  return (request, response) => {
    const asked = request.headers[passedOn];
    answer(request.url ?? "/", typeof asked === "string" ? asked : undefined).then(
      (found) => reply(response, found),
      (error: unknown) => reply(response, { status: 500, body: { error: String(error) } }),
    );
  };
};
