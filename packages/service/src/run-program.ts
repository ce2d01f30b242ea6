import type { Log } from "@millrace/streams";
import { programArguments } from "./program-arguments.ts";
import { explained } from "./explained.ts";
import { serveService } from "./serve-service.ts";
import type { Service } from "./service.ts";
import { serviceLog } from "./service-log.ts";
import { EnvironmentError } from "./settings/environment.ts";
import type { HttpSettings, LogThreshold } from "./settings/service-settings.ts";
import { withFields } from "./with-fields.ts";

/** How long a service waits for its last commit when it is told to stop, ms: the rest of its 30 s is for closing. */
export const stopWithinMs = 20_000;

/** Settings that running a service needs. */
export interface RunSettings {
  /** What the lines of the process are about; the program's name where it is more than one application. */
  readonly applicationId?: string;
  readonly logLevel: LogThreshold;
  readonly http: HttpSettings | undefined;
}

/** A binary around a service: its name, its settings, and how it starts. */
export interface ServiceProgram<S extends RunSettings> {
  /** As it is called on the command line. */
  readonly name: string;
  readonly version: string;
  readonly help: string;
  /** Reads the environment; throws an EnvironmentError with what is wrong. */
  readonly settings: (variables: Readonly<Record<string, string | undefined>>) => S;
  readonly start: (
    settings: S,
    log: Log,
    createTopics: { readonly partitions?: number | undefined } | undefined,
  ) => Promise<Service>;
  /** Other things that the program does when its first argument names them, and then ends. */
  readonly commands?: Readonly<Record<string, (settings: S, log: Log) => Promise<void>>>;
}

/**
 * The main function of a binary: starts the service, serves its health and metrics, stops it on SIGTERM and SIGINT,
 * and ends the process: with 0 after a clean stop, else with 1 and a line of JSON that says what to do.
 */
export const runProgram = <S extends RunSettings>(program: ServiceProgram<S>): void => {
  const about = { application: program.name };
  run(program, about).then(
    () => process.exit(0),
    (error: unknown) => {
      // Whatever LOG_LEVEL says: nobody is left without the reason.
      const log = withFields(serviceLog("error"), about);
      const problems = error instanceof EnvironmentError ? error.problems : [explained(error)];
      for (const problem of problems) log("error", problem, { code: codeOf(error) });
      process.exit(1);
    },
  );
};

const codeOf = (error: unknown): string =>
  error instanceof EnvironmentError
    ? "CONFIG"
    : error instanceof Error && "code" in error && typeof error.code === "string"
      ? error.code
      : "UNKNOWN";

const run = async <S extends RunSettings>(
  program: ServiceProgram<S>,
  about: { application: string },
): Promise<void> => {
  const { name, help, version, commands = {} } = program;
  const asked = programArguments(process.argv.slice(2), Object.keys(commands));
  if (asked.help) return void process.stdout.write(help);
  if (asked.version) return void process.stdout.write(`${version}\n`);
  const settings = program.settings(process.env);
  about.application = settings.applicationId ?? name;
  const log = withFields(serviceLog(settings.logLevel), about);
  const command = asked.command === undefined ? undefined : commands[asked.command];
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
  log("info", `${name} ${version}`, {
    version,
    node: process.version,
    pid: process.pid,
    http: settings.http,
  });
  // Before anything else: a port that is taken is found at once, and whoever looks sees it start.
  const { http } = settings;
  const health =
    http && (await serveService({ name: about.application, version, http, service: () => service }));
  try {
    service = await program.start(settings, log, asked.createTopics);
    log("info", "started");
    await service.done();
    // Whoever stops it has it all closed before the process ends.
    await service.stop({ timeoutMs: stopWithinMs });
    log("info", "stopped");
  } finally {
    health?.close();
  }
};
