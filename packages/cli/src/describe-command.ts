import { parseArgs } from "node:util";
import { type Command, print } from "./command.ts";
import { describeModule } from "./describe-module.ts";
import { describeProcesses } from "./describe-processes.ts";
import { usageError } from "./usage-error.ts";

const help = `millrace describe MODULE [--export NAME]
millrace describe --url URL...

  The topologies that a module exports (TypeScript will do), in Kafka Streams' words. The module is run: it should only
  build them. Or those that processes run, asked of the HTTP endpoints of their services, as http://10.0.0.7:8080.`;

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { export: { type: "string" }, url: { type: "string", multiple: true } },
  });
  const [path, ...rest] = positionals;
  if (values.url !== undefined) {
    if (path !== undefined || values.export !== undefined)
      throw usageError("say what is described in one way: a module, or --url");
    return print(await describeProcesses(values.url));
  }
  if (path === undefined || rest.length > 0) throw usageError(help);
  print(await describeModule(path, values.export));
};

/** `millrace describe`. */
export const describe: Command = {
  summary: "a topology, of a module or of a process that runs, in Kafka Streams' words",
  help,
  connects: false,
  run,
};
