#!/usr/bin/env node
import { parseArgs } from "node:util";
import { startDemand } from "./demand-app.ts";
import { demandSettings } from "./demand-settings.ts";
import { startHealthServer } from "./health-server.ts";
import { jsonLog } from "./json-log.ts";
import { version } from "./version.ts";

const help = `Usage: millrace-demand [OPTION...]

Reads booking events and writes the demand per sub-location and hour.

  --create-topics     create the source and sink topics where they are missing
  --partitions N      with so many partitions (6)
  --help, --version

Environment (defaults in parentheses):
  KAFKA_BROKERS                host:port, several separated by commas
  KAFKA_CLIENT_ID, KAFKA_SSL, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD
  KAFKA_GROUP_ID_AGGREGATOR    application id (demand-aggregator)
  KAFKA_TOPIC_BOOKING_EVENTS   (venue.booking.events)
  KAFKA_TOPIC_DEMAND_HOURLY    (venue.demand.hourly)
  KAFKA_TOPIC_DEAD_LETTER      (<application id>.dead-letter)
  KAFKA_TOPIC_LATE             where late events go (nowhere)
  KAFKA_SESSION_TIMEOUT_MS     (45000)
  SCHEMA_REGISTRY_URL
  VENUE_TIME_ZONE              (UTC)
  DEMAND_GRACE_MS              (300000)
  DEMAND_IDLE_CLOSE_MS         0: never (60000)
  DEMAND_MAX_AHEAD_MS          (the grace)
  DEMAND_DEFAULT_CAPACITY      (unknown)
  PROCESSING_GUARANTEE         exactly_once or at_least_once (exactly_once)
  COMMIT_INTERVAL_MS           (100 under exactly_once)
  HTTP_HOST, HTTP_PORT         /healthz, /readyz, /metrics (no endpoint)
  LOG_LEVEL                    debug, info, warn, error or silent (info)
`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({
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
  const settings = demandSettings(process.env);
  const log = jsonLog(settings.logLevel, (line) => process.stderr.write(line));
  const demand = await startDemand({
    settings,
    log,
    createTopics: values["create-topics"] ? { partitions } : undefined,
  });
  const health = settings.http && (await startHealthServer(demand, settings.http));
  const stop = (signal: string): void => {
    log("info", `${signal}: stopping`);
    void demand.app.stop();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  try {
    await demand.app.done();
  } finally {
    health?.close();
  }
};

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
