import { parseArgs } from "node:util";
import {
  deadLetterText,
  DeadLetterTopic,
  findDeadLetter,
  listDeadLetters,
  listJson,
  listText,
} from "@millrace/operations";
import { type Command, connectionOptions, print, withTransport } from "./command.ts";
import { onlyOptions } from "./only-options.ts";
import { parseChoice, parseFilter } from "./parse-choice.ts";
import { parsePlace } from "./parse-place.ts";
import { registrySettings } from "./registry-settings.ts";
import { reportReplay } from "./report-replay.ts";
import { usageError } from "./usage-error.ts";
import { wholeNumber } from "./whole-number.ts";

const help = `millrace dead-letters list TOPIC [FILTER] [--limit N] [--json]
millrace dead-letters show TOPIC --at PARTITION:OFFSET
millrace dead-letters replay TOPIC (--at PARTITION:OFFSET... | FILTER | --all) [--dry-run]

  Dead letters of any Millrace application: TOPIC is its dead-letter topic. FILTER is one or more of --reason CODE,
  --from-topic TOPIC (where the record came from), and the time at which it was dead-lettered, --since TIME (included) and
  --until TIME (not included), as 2026-03-02T10:00:00Z.

  list      counts by reason, and the latest --limit letters (20) with the places that the others take
  show      one letter: what failed, the record decoded as far as it goes, its bytes
  replay    writes letters back to the topic and partition they came from, as they were, each once: what was replayed is
            remembered in TOPIC.replayed. Repair first what made them fail.`;

const filters = ["reason", "from-topic", "since", "until"] as const;

/** By action. */
const optionsOf = {
  list: ["brokers", ...filters, "limit", "json"],
  show: ["brokers", "at", "registry"],
  replay: ["brokers", "at", ...filters, "all", "dry-run"],
} as const;

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    tokens: true,
    options: {
      ...connectionOptions,
      at: { type: "string", multiple: true },
      reason: { type: "string" },
      "from-topic": { type: "string" },
      since: { type: "string" },
      until: { type: "string" },
      all: { type: "boolean" },
      limit: { type: "string", default: "20" },
      json: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      registry: { type: "string" },
    },
  });
  const [action, topic, ...rest] = positionals;
  const takes = new Map(Object.entries(optionsOf)).get(action ?? "");
  if (topic === undefined || rest.length > 0 || takes === undefined) throw usageError(help);
  onlyOptions(`dead-letters ${action}`, tokens, takes);
  if (action === "list") {
    const limit = wholeNumber("--limit", values.limit);
    const filter = parseFilter(values);
    return withTransport(values.brokers, async (transport) => {
      const letters = await DeadLetterTopic.open(transport, topic);
      const list = await listDeadLetters(letters, limit, filter);
      print(values.json ? listJson(list) : listText(letters, list));
    });
  }
  if (action === "show") {
    const [at, ...others] = values.at ?? [];
    if (at === undefined || others.length > 0) throw usageError("say which: --at PARTITION:OFFSET, once");
    const place = parsePlace(at);
    const registry = registrySettings(values.registry, process.env);
    return withTransport(values.brokers, async (transport) => {
      const letters = await DeadLetterTopic.open(transport, topic);
      const letter = await findDeadLetter(letters, place);
      print(await deadLetterText(letters, letter, registry));
    });
  }
  const choice = parseChoice(values);
  return withTransport(values.brokers, async (transport) => {
    const complete = await reportReplay({ transport, topic, choice, dryRun: values["dry-run"] }, print);
    if (!complete) process.exitCode = 1;
  });
};

/** `millrace dead-letters`. */
export const deadLetters: Command = {
  summary: "what could not be processed: list, show, replay",
  help,
  connects: true,
  run,
};
