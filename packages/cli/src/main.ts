#!/usr/bin/env node
import { parseArgs } from "node:util";
import { kafkaSettingsHelp, registrySettingsHelp, settingsHelp } from "@millrace/service/settings";
import { kafka, type Transport } from "@millrace/streams";
import { parseChoice } from "./choice.ts";
import { DeadLetterTopic } from "./dead-letter-topic.ts";
import { kafkaSettings } from "./kafka-settings.ts";
import { listDeadLetters, listJson, listText } from "./list-dead-letters.ts";
import { parsePlace } from "./place.ts";
import { registrySettings } from "./registry-settings.ts";
import { reportReplay } from "./report-replay.ts";
import { deadLetterText, findDeadLetter } from "./show-dead-letter.ts";
import { usageError } from "./usage-error.ts";
import { version } from "./version.ts";

const help = `Usage: millrace dead-letters list TOPIC [--limit N] [--json]
       millrace dead-letters show TOPIC --at PARTITION:OFFSET
       millrace dead-letters replay TOPIC (--at PARTITION:OFFSET... | --reason CODE | --all) [--dry-run]

Dead letters of any Millrace application: TOPIC is its dead-letter topic.

  list      counts by reason, and the latest --limit letters (20) with the places that the others take
  show      one letter: what failed, the record decoded as far as it goes, its bytes
  replay    writes letters back to the topic and partition they came from, as they were, each once: what was replayed is
            remembered in TOPIC.replayed. Repair first what made them fail.

  --brokers LIST     host:port, several separated by commas (KAFKA_BROKERS)
  --registry URL     schema registry, for show (SCHEMA_REGISTRY_URL)
  --json             a JSON object per reason
  --dry-run          says what would be replayed
  --help, --version

Environment (defaults in parentheses):
${settingsHelp([...kafkaSettingsHelp.filter(([name]) => name !== "KAFKA_CLIENT_ID"), ...registrySettingsHelp])}
`;

const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join("\n")}\n`);

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      at: { type: "string", multiple: true },
      reason: { type: "string" },
      all: { type: "boolean" },
      limit: { type: "string", default: "20" },
      json: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      brokers: { type: "string" },
      registry: { type: "string" },
      help: { type: "boolean", default: false },
      version: { type: "boolean", default: false },
    },
  });
  if (values.help) return print([help.trimEnd()]);
  if (values.version) return print([version]);
  const [group, command, topic, ...rest] = positionals;
  if (group !== "dead-letters" || topic === undefined || rest.length > 0) throw usageError(help.trimEnd());

  const withTransport = async (run: (transport: Transport) => Promise<void>): Promise<void> => {
    const transport = kafka(kafkaSettings(values.brokers, process.env));
    await transport.connect();
    try {
      await run(transport);
    } finally {
      await transport.close();
    }
  };
  if (command === "list") {
    const limit = wholeNumber("--limit", values.limit);
    return withTransport(async (transport) => {
      const letters = await DeadLetterTopic.open(transport, topic);
      const list = await listDeadLetters(letters, limit);
      print(values.json ? listJson(list) : listText(letters, list));
    });
  }
  if (command === "show") {
    const [at, ...others] = values.at ?? [];
    if (at === undefined || others.length > 0) throw usageError("say which: --at PARTITION:OFFSET, once");
    const place = parsePlace(at);
    const registry = registrySettings(values.registry, process.env);
    return withTransport(async (transport) => {
      const letters = await DeadLetterTopic.open(transport, topic);
      const letter = await findDeadLetter(letters, place);
      print(await deadLetterText(letters, letter, registry));
    });
  }
  if (command === "replay") {
    const choice = parseChoice(values);
    return withTransport(async (transport) => {
      const complete = await reportReplay({ transport, topic, choice, dryRun: values["dry-run"] }, print);
      if (!complete) process.exitCode = 1;
    });
  }
  throw usageError(help.trimEnd());
};

const wholeNumber = (name: string, text: string): number => {
  if (!/^\d+$/.test(text)) throw usageError(`${name} is "${text}"; it must be a whole number`);
  return Number(text);
};

main().then(
  // A registry that never answered may still be waited for.
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
