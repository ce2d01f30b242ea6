import { parseArgs } from "node:util";
import { groupOffsets, isGroup, noGroup } from "@millrace/operations";
import type { Transport } from "@millrace/streams";
import { type Command, connectionOptions, print, withTransport } from "./command.ts";
import { lagJson, lagText } from "./lag.ts";
import { usageError } from "./usage-error.ts";

const help = `millrace lag APPLICATION [--topic TOPIC...] [--json]

  How far an application is behind in each partition that it has read, repartition topics included. APPLICATION is its id,
  which is its consumer group; --topic asks for these alone, which is quicker on a large cluster.`;

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...connectionOptions,
      topic: { type: "string", multiple: true },
      json: { type: "boolean", default: false },
    },
  });
  const [application, ...rest] = positionals;
  if (application === undefined || rest.length > 0) throw usageError(help);
  await withTransport(values.brokers, async (transport) => {
    if (!(await isGroup(transport, application))) throw noGroup(application);
    await checkTopics(transport, values.topic ?? []);
    const offsets = await groupOffsets(transport, application, values.topic);
    const lines = values.json ? lagJson(offsets) : lagText(application, offsets);
    if (lines.length > 0) print(lines);
  });
};

const checkTopics = async (transport: Transport, topics: readonly string[]): Promise<void> => {
  const described = await transport.describeTopics(topics);
  const missing = topics.filter((topic) => !described.has(topic));
  if (missing.length > 0) throw usageError(`there is no topic "${missing.join('", "')}" on these brokers`);
};

/** `millrace lag`. */
export const lag: Command = {
  summary: "how far an application is behind, by partition",
  help,
  connects: true,
  run,
};
