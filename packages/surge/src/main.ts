#!/usr/bin/env node
import { runProgram } from "@millrace/service";
import {
  kafkaSettingsHelp,
  registrySettingsHelp,
  runSettingsHelp,
  settingsHelp,
} from "@millrace/service/settings";
import { startSurge } from "./surge-app.ts";
import { surgeSettings } from "./surge-settings.ts";
import { version } from "./version.ts";

const help = `Usage: millrace-surge [OPTION...]

Reads the demand per sub-location and hour, and writes surge configs, DRAFT ratesheets and demand history to MongoDB.

  --create-topics     create the demand topic where it is missing
  --partitions N      with so many partitions (6)
  --help, --version

Environment (defaults in parentheses):
${settingsHelp([
  ...kafkaSettingsHelp,
  ["KAFKA_GROUP_ID_UPDATER", "application id (surge-updater)"],
  ["KAFKA_TOPIC_DEMAND_HOURLY", "(venue.demand.hourly)"],
  ["KAFKA_TOPIC_DEAD_LETTER", "(<application id>.dead-letter)"],
  ["KAFKA_TOPIC_LATE", "where late metrics go (nowhere)"],
  ...registrySettingsHelp,
  ["MONGODB_URI", "mongodb://host:port/database; may be missing in a dry run: then nothing has a config"],
  ["VENUE_TIME_ZONE", "(UTC)"],
  ["SURGE_ENABLED", "false: demand history only, no params, no drafts (true)"],
  ["SURGE_DRY_RUN", "true: writes nothing but the decision log (false)"],
  ["SURGE_SMOOTHING", "none or ema (none)"],
  ["SURGE_DEADBAND", "smallest change of a multiplier (none)"],
  ["SURGE_MAX_STEP", "largest change of a multiplier (none)"],
  ["PROCESSED_EVENTS_TTL_DAYS", "(7)"],
  ["CAPACITY_CACHE_SIZE", "(10000)"],
  ["CAPACITY_CACHE_TTL_MS", "(60000)"],
  ...runSettingsHelp,
])}
`;

runProgram({
  name: "millrace-surge",
  help,
  version,
  settings: surgeSettings,
  start: (settings, log, createTopics) => startSurge({ settings, log, createTopics }),
});
