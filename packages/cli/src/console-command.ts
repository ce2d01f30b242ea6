import { parseArgs } from "node:util";
import { startConsole } from "@millrace/console";
import { kafka } from "@millrace/streams";
import { type Command, connectionOptions, print } from "./command.ts";
import { kafkaSettings } from "./kafka-settings.ts";
import { registrySettings } from "./registry-settings.ts";
import { usageError } from "./usage-error.ts";

const help = `millrace console --app URL... [--host HOST] [--port N] [--allowed-host NAME...]
                 [--dead-letter-topic TOPIC...] [--demand-topic TOPIC]

  A web page over running applications: topology with what flows and where it waits, tasks and who runs them, stores, dead
  letters and their replay, live. URL is the HTTP endpoint of a process (http://HTTP_HOST:HTTP_PORT), again for each.

  It listens at 127.0.0.1:8085. Replay and reset ask for a token, which is printed, or given as MILLRACE_CONSOLE_TOKEN; all
  else can be read by whoever reaches it, so put something in front of it that asks who that is, before you give another
  --host. --allowed-host names it as a proxy does.`;

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...connectionOptions,
      app: { type: "string", multiple: true },
      host: { type: "string", default: "127.0.0.1" },
      port: { type: "string", default: "8085" },
      "allowed-host": { type: "string", multiple: true },
      "dead-letter-topic": { type: "string", multiple: true },
      "demand-topic": { type: "string" },
      registry: { type: "string" },
    },
  });
  if (positionals.length > 0) throw usageError(help);
  const brokers = values.brokers ?? process.env["KAFKA_BROKERS"] ?? "";
  if ((values.app ?? []).length === 0 && brokers === "")
    throw usageError(
      "say what is shown: --app URL, again for each process, or --brokers (KAFKA_BROKERS), or both",
    );
  const console = await startConsole({
    applications: (values.app ?? []).map(endpoint),
    kafka: kafkaOf(values.brokers),
    registry: registrySettings(values.registry, process.env),
    deadLetterTopics: values["dead-letter-topic"] ?? [],
    demandTopic: values["demand-topic"] ?? process.env["KAFKA_TOPIC_DEMAND_HOURLY"],
    host: values.host,
    port: portOf(values.port),
    allowedHosts: values["allowed-host"] ?? [],
    token: process.env["MILLRACE_CONSOLE_TOKEN"],
  });
  print([
    `Millrace's console: ${console.url}`,
    ...(process.env["MILLRACE_CONSOLE_TOKEN"] === undefined
      ? [`Replay and reset ask for this token: ${console.token}`]
      : []),
  ]);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await console.close();
};

/** Without brokers it shows applications alone. */
const kafkaOf = (brokers: string | undefined) => {
  if ((brokers ?? process.env["KAFKA_BROKERS"] ?? "") === "") return undefined;
  const settings = kafkaSettings(brokers, process.env);
  return { address: settings.brokers.join(", "), transport: kafka(settings) };
};

const endpoint = (text: string): string => {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw usageError(
      `--app is "${text}"; it must be the endpoint of a process, such as http://127.0.0.1:8080`,
    );
  return url.href;
};

const portOf = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw usageError(`--port is "${text}"; it must be a whole number from 0 to 65535`);
  return port;
};

/** `millrace console`. */
export const console: Command = { summary: "all of it as a web page, live", help, connects: true, run };
