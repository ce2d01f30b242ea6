#!/usr/bin/env node
import { runService } from "@millrace/venue/service";
import { startSurge } from "./surge-app.ts";
import { surgeSettings } from "./surge-settings.ts";
import { version } from "./version.ts";

const help = `Usage: millrace-surge [OPTION...]

Reads the demand per sub-location and hour, and writes surge configs, DRAFT ratesheets and demand history to MongoDB.

  --create-topics     create the demand topic where it is missing
  --partitions N      with so many partitions (6)
  --help, --version

Environment (defaults in parentheses):
  KAFKA_BROKERS                host:port, several separated by commas
  KAFKA_CLIENT_ID, KAFKA_SSL, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD
  KAFKA_GROUP_ID_UPDATER       application id (surge-updater)
  KAFKA_TOPIC_DEMAND_HOURLY    (venue.demand.hourly)
  KAFKA_TOPIC_DEAD_LETTER      (<application id>.dead-letter)
  KAFKA_SESSION_TIMEOUT_MS     (45000)
  SCHEMA_REGISTRY_URL
  MONGODB_URI                  may be missing in a dry run: then nothing has a config
  VENUE_TIME_ZONE              (UTC)
  SURGE_ENABLED                false: demand history only, no params, no drafts (true)
  SURGE_DRY_RUN                true: writes nothing but the decision log (false)
  SURGE_SMOOTHING              none or ema (none)
  SURGE_DEADBAND               smallest change of a multiplier (none)
  SURGE_MAX_STEP               largest change of a multiplier (none)
  PROCESSED_EVENTS_TTL_DAYS    (7)
  CAPACITY_CACHE_SIZE          (10000)
  CAPACITY_CACHE_TTL_MS        (60000)
  PROCESSING_GUARANTEE         exactly_once or at_least_once (exactly_once)
  COMMIT_INTERVAL_MS           (100 under exactly_once)
  STATE_DIR                    not used yet: state is in memory, and restored from Kafka
  HTTP_HOST, HTTP_PORT         /healthz, /readyz, /metrics (no endpoint)
  LOG_LEVEL                    debug, info, warn, error or silent (info)
`;

runService({
  help,
  version,
  settings: surgeSettings,
  start: (settings, log, createTopics) => startSurge({ settings, log, createTopics }),
});
