#!/usr/bin/env node
import { kafkaSettingsHelp, registrySettingsHelp, settingsHelp } from "@millrace/service/settings";
import { type Command, print } from "./command.ts";
import { commandHelp } from "./command-help.ts";
import { console as consoleCommand } from "./console-command.ts";
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

${[...commands.values()].map((command) => command.help).join("\n\n")}

  --brokers LIST     host:port, several separated by commas (KAFKA_BROKERS)
  --registry URL     schema registry, for show and state (SCHEMA_REGISTRY_URL)
  --json             a JSON object per line
  --dry-run          says what would be done
  --help, --version

Environment (defaults in parentheses):
${settingsHelp([...kafkaSettingsHelp.filter(([name]) => name !== "KAFKA_CLIENT_ID"), ...registrySettingsHelp])}`;

const main = async (): Promise<void> => {
  const [name, ...args] = process.argv.slice(2);
  const command = commands.get(name ?? "");
  if (args.includes("--help") && command !== undefined) return print([commandHelp(command)]);
  if (name === "--help") return print([help]);
  if (name === "--version") return print([version]);
  if (command === undefined) throw usageError(help);
  await command.run(args);
};

// Whoever reads the output may have seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

main().then(
  // A registry that never answered may still be waited for.
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
