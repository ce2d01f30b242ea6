import { parseArgs } from "node:util";
import { MillraceError } from "@millrace/streams";

export interface ProgramArguments {
  readonly help: boolean;
  readonly version: boolean;
  readonly command: string | undefined;
  readonly createTopics: { readonly partitions: number | undefined } | undefined;
}

/** What a service's program was called with. Throws a MillraceError `USAGE` on anything that it does not know. */
export const programArguments = (given: readonly string[], commands: readonly string[]): ProgramArguments => {
  const { values, positionals } = parsed(given);
  const [command, ...rest] = positionals;
  if (command !== undefined && (!commands.includes(command) || rest.length > 0))
    throw usage(
      `"${[command, ...rest].join(" ")}" is no command; there is ${commands.join(", ") || "none"}; see --help`,
    );
  const partitions =
    values.partitions === undefined ? undefined : wholeNumber("--partitions", values.partitions);
  if (partitions !== undefined && !values["create-topics"])
    throw usage("--partitions is of no use without --create-topics");
  return {
    help: values.help,
    version: values.version,
    command,
    createTopics: values["create-topics"] ? { partitions } : undefined,
  };
};

const parsed = (given: readonly string[]) => {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        "create-topics": { type: "boolean", default: false },
        partitions: { type: "string" },
        help: { type: "boolean", default: false },
        version: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw usage(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
};

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 100_000)
    throw usage(`${name} is "${text}"; it must be a whole number from 1 to 100000`);
  return value;
};

const usage = (message: string): MillraceError => new MillraceError(message, { code: "USAGE" });
