import { parseArgs } from "node:util";
import { planReset, reset as carryOut } from "@millrace/operations";
import { type Command, connectionOptions, print, withTransport } from "./command.ts";
import { resetText } from "./report-reset.ts";
import { parseResetTarget } from "./reset-target.ts";
import { usageError } from "./usage-error.ts";

const help = `millrace reset APPLICATION --to earliest|latest|TIME [--dry-run]
               [--input-topic TOPIC...] [--internal-topic TOPIC...]

  Has an application begin again (Kafka's application reset tool): its offsets go to an end of its source topics, or to the
  first records that are not older than TIME (2026-03-02T10:00:00Z); its state and what lies in its repartition topics is
  deleted. All of its processes must have been stopped. Results that it has written stay.

  Its internal topics are found by their names, APPLICATION-...-changelog and the like: look with --dry-run first where
  another application's id begins with this one's, and name them with --internal-topic then.`;

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...connectionOptions,
      to: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      "input-topic": { type: "string", multiple: true },
      "internal-topic": { type: "string", multiple: true },
    },
  });
  const [application, ...rest] = positionals;
  if (application === undefined || rest.length > 0) throw usageError(help);
  const to = parseResetTarget(values.to);
  await withTransport(values.brokers, async (transport) => {
    const plan = await planReset({
      transport,
      application,
      to,
      inputTopics: values["input-topic"],
      internalTopics: values["internal-topic"],
    });
    if (!values["dry-run"]) await carryOut(transport, plan);
    print(resetText(plan, values["dry-run"]));
  });
};

/** `millrace reset`. */
export const reset: Command = { summary: "have an application begin again", help, connects: true, run };
