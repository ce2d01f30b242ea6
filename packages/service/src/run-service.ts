import type { Topology } from "@millrace/streams";
import { runProgram } from "./run-program.ts";
import { type ServiceOptions, startService } from "./start-service.ts";
import { Environment } from "./settings/environment.ts";
import { serviceSettings } from "./settings/service-settings.ts";
import { kafkaSettingsHelp, runSettingsHelp, settingsHelp } from "./settings/settings-help.ts";

/** What a service of one topology can say of itself; all of it may be left out. */
export interface RunOptions extends Omit<
  ServiceOptions,
  "settings" | "log" | "topology" | "createTopics" | "transport"
> {
  /** For `--version`, the log and the metrics. */
  readonly version?: string;
  /** The first paragraph of `--help`. */
  readonly description?: string;
}

/**
 * A process that runs a topology: `runService(wordCount)` is a whole `main.ts`. It reads its settings from the
 * environment (`--help` lists them), creates its dead-letter topic, and with `--create-topics` those of `topics`; logs
 * in JSON, serves `/healthz`, `/readyz`, `/metrics`, `/status` and `/topology` on `HTTP_PORT`, and ends with code 0 after a clean stop on
 * SIGTERM or SIGINT, else with 1 and a line that says what to do. For a topology that is made from settings, or for
 * several in one process, see `runProgram` and `startService`.
 */
export const runService = (topology: Topology, options: RunOptions = {}): void => {
  const { version = "0.0.0", description = `Runs the topology "${topology.name}".` } = options;
  runProgram({
    name: topology.name,
    version,
    help: helpOf(topology.name, description),
    settings: (variables) => {
      const environment = new Environment(variables);
      const settings = serviceSettings(environment, ["KAFKA_GROUP_ID", topology.name]);
      environment.distinct({
        KAFKA_TOPIC_DEAD_LETTER: settings.deadLetter,
        KAFKA_TOPIC_LATE: settings.late,
      });
      environment.check();
      return settings;
    },
    start: (settings, log, createTopics) =>
      startService({ ...options, topology, settings, log, createTopics }),
  });
};

const helpOf = (name: string, description: string): string => `${description}

  --create-topics     create its topics where they are missing
  --partitions N      with so many partitions
  --help, --version

Environment (defaults in parentheses):
${settingsHelp([
  ...kafkaSettingsHelp,
  ["KAFKA_GROUP_ID", `application id (${name})`],
  ["KAFKA_TOPIC_DEAD_LETTER", "(<application id>.dead-letter)"],
  ["KAFKA_TOPIC_LATE", "where late records go (nowhere)"],
  ...runSettingsHelp,
])}
`;
