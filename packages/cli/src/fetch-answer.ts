import { usageError } from "./usage-error.ts";

const patienceMs = 5_000;

/** Asks the HTTP endpoint of a process for a path. Throws a MillraceError `USAGE` where nobody answers so. */
export const fetchAnswer = async <A>(url: string, path: "/status" | "/topology"): Promise<A> => {
  try {
    const answer = await fetch(new URL(path, url), { signal: AbortSignal.timeout(patienceMs) });
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
    return (await answer.json()) as A;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : "";
    throw usageError(
      `no ${path.slice(1)} from ${url}: ${why}${cause}; it must be the HTTP endpoint of a service, http://host:port`,
    );
  }
};
