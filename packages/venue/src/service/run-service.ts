import { parseArgs } from "node:util";
import type { Log } from "@millrace/streams";
import { startHealthServer } from "./health-server.ts";
import { jsonLog, type LogThreshold } from "./json-log.ts";
import type { Service } from "./service.ts";

/** How long a service waits for its last commit when it is told to stop, ms: the rest of its 30 s is for closing. */
export const stopWithinMs = 20_000;

/** Settings that running a service needs. */
export interface RunSettings {
  readonly logLevel: LogThreshold;
  readonly http: { readonly host: string; readonly port: number } | undefined;
}

export interface ServiceProgram<S extends RunSettings> {
  readonly help: string;
  readonly version: string;
  /** Reads the environment; throws with what is wrong. */
  readonly settings: (variables: Readonly<Record<string, string | undefined>>) => S;
  readonly start: (
    settings: S,
    log: Log,
    createTopics: { readonly partitions: number } | undefined,
  ) => Promise<Service>;
  /** Other things that the program does when its first argument names them, and then ends. */
  readonly commands?: Readonly<Record<string, (settings: S, log: Log) => Promise<void>>>;
}

/**
 * The main function of a binary: starts the service, stops it on SIGTERM and SIGINT, and ends the process: with 0
 * after a clean stop, with 1 and one line on standard error otherwise.
 */
export const runService = <S extends RunSettings>(program: ServiceProgram<S>): void => {
  run(program).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
};

const run = async <S extends RunSettings>({
  help,
  version,
  settings: read,
  start,
  commands = {},
}: ServiceProgram<S>): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "create-topics": { type: "boolean", default: false },
      partitions: { type: "string", default: "6" },
      help: { type: "boolean", default: false },
      version: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  if (values.version) return void process.stdout.write(`${version}\n`);
  const partitions = Number(values.partitions);
  if (!Number.isInteger(partitions) || partitions < 1)
    throw new Error(`--partitions is "${values.partitions}"; it must be a whole number above 0`);
  const [name] = positionals;
  const command = name === undefined ? undefined : commands[name];
  if (name !== undefined && command === undefined)
    throw new Error(
      `"${name}" is no command; there is ${Object.keys(commands).join(", ") || "none"}; see --help`,
    );
  const settings = read(process.env);
  const log = jsonLog(settings.logLevel, (line) => process.stderr.write(line));
  if (command !== undefined) return command(settings, log);
  let service: Service | undefined;
  const stop = (signal: string): void => {
    log("info", `${signal}: stopping`);
    // Before it has started there is nothing to commit.
    if (service === undefined) process.exit(0);
    void service.stop({ timeoutMs: stopWithinMs });
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  service = await start(settings, log, values["create-topics"] ? { partitions } : undefined);
  const health = settings.http && (await startHealthServer(service, settings.http));
  try {
    await service.done();
  } finally {
    health?.close();
  }
};
