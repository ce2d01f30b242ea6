import { kafkaSettingsHelp, registrySettingsHelp, settingsHelp } from "@millrace/service/settings";
import { type Command, print } from "./command.ts";
import { commandHelp } from "./command-help.ts";
import { console as consoleCommand } from "./console-command.ts";
import { explainedArguments } from "./explained-arguments.ts";
import { deadLetters } from "./dead-letters-command.ts";
import { describe } from "./describe-command.ts";
import { lag } from "./lag-command.ts";
import { reset } from "./reset-command.ts";
import { state } from "./state-command.ts";
import { tasks } from "./tasks-command.ts";
import { usageError } from "./usage-error.ts";
import { version } from "./version.ts";

const commands: ReadonlyMap<string, Command> = new Map([
  ["describe", describe],
  ["lag", lag],
  ["tasks", tasks],
  ["state", state],
  ["reset", reset],
  ["dead-letters", deadLetters],
  ["console", consoleCommand],
]);

const help = `Millrace's tools: what an application is, who runs it, how far behind, what it holds, what it could not process.

${[...commands].map(([name, { summary }]) => `  ${name.padEnd(14)}${summary}`).join("\n")}

millrace COMMAND --help says what it takes. All that ask Kafka take

  --brokers LIST     host:port, several separated by commas (KAFKA_BROKERS)
  --registry URL     schema registry, for show and state (SCHEMA_REGISTRY_URL)

and lag, tasks, state and dead-letters list --json, for a JSON object on each line.

Environment (defaults in parentheses):
${settingsHelp([...kafkaSettingsHelp.filter(([name]) => name !== "KAFKA_CLIENT_ID"), ...registrySettingsHelp])}`;

/** Does what the arguments of `millrace` ask for. Throws a MillraceError, whose message is for who typed them. */
export const runMillrace = async (given: readonly string[]): Promise<void> => {
  const [name, ...args] = spelt(given);
  const command = commands.get(name ?? "");
  if (isHelp(args) && command !== undefined) return print([commandHelp(command)]);
  if (isHelp([name])) return print([help]);
  if (name === "--version") return print([version]);
  if (name === undefined) throw usageError(help);
  if (command === undefined)
    throw usageError(
      `millrace has no command "${name}"; it has ${[...commands.keys()].join(", ")}, and --help says what they do`,
    );
  await command.run(args).catch((error: unknown) => {
    throw explainedArguments(error, name);
  });
};

/** `help`, and `help COMMAND`, as `--help` and `COMMAND --help`. */
const spelt = ([name, ...args]: readonly string[]): readonly string[] => {
  if (name !== "help") return name === undefined ? [] : [name, ...args];
  return args.length === 0 ? ["--help"] : [...args, "--help"];
};

const isHelp = (args: readonly (string | undefined)[]): boolean =>
  args.includes("--help") || args.includes("-h");
