import { parseArgs } from "node:util";
import { groupOffsets } from "@millrace/operations";
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
    const offsets = await groupOffsets(transport, application, values.topic);
    const lines = values.json ? lagJson(offsets) : lagText(application, offsets);
    if (lines.length > 0) print(lines);
  });
};

/** `millrace lag`. */
export const lag: Command = { help, connects: true, run };
