import { oneLine } from "@millrace/operations";
import type { TopologyAnswer } from "@millrace/service";
import { fetchAnswer } from "./fetch-answer.ts";
import { usageError } from "./usage-error.ts";

/**
 * The topologies that processes run, in Kafka Streams' words, each once with the processes that run it: one that two
 * processes have in different versions is there twice. Throws a MillraceError `USAGE` where a process does not answer, or
 * none runs anything yet.
 */
export const describeProcesses = async (urls: readonly string[]): Promise<readonly string[]> => {
  const answers = await Promise.all(
    [...new Set(urls)].map(async (url) => ({
      url,
      ...(await fetchAnswer<TopologyAnswer>(url, "/topology")),
    })),
  );
  const told = answers.flatMap(({ url, applications }) =>
    applications.map(({ application, describe }) => ({
      url,
      text: `Application "${oneLine(application)}"`,
      describe: describe.trimEnd(),
    })),
  );
  if (told.length === 0) throw usageError(`nothing runs yet at ${urls.join(", ")}: ask again in a moment`);
  return [...Map.groupBy(told, ({ text, describe }) => `${text}\n${describe}`).values()].flatMap(
    (same, at) => [
      ...(at > 0 ? [""] : []),
      ...same
        .slice(0, 1)
        .flatMap(({ text, describe }) => [`${text} at ${same.map(({ url }) => url).join(", ")}`, describe]),
    ],
  );
};
