import { parseArgs } from "node:util";
import { type Command, print } from "./command.ts";
import { describeModule } from "./describe-module.ts";
import { usageError } from "./usage-error.ts";

const help = `millrace describe MODULE [--export NAME]

  The topologies that a module exports (TypeScript will do), in Kafka Streams' words. The module is run: it should only
  build them.`;

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { export: { type: "string" } },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw usageError(help);
  print(await describeModule(path, values.export));
};

/** `millrace describe`. */
export const describe: Command = { help, connects: false, run };
