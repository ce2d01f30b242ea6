#!/usr/bin/env node
import { runProgram } from "@millrace/service";
import {
  kafkaSettingsHelp,
  registrySettingsHelp,
  runSettingsHelp,
  settingsHelp,
} from "@millrace/service/settings";
import { startDemand } from "./demand-app.ts";
import { demandSettings } from "./demand-settings.ts";
import { importHistory } from "./import-history.ts";
import { version } from "./version.ts";

const help = `Usage: millrace-demand [OPTION...]
       millrace-demand import-history

Reads booking events and writes the demand per sub-location and hour. import-history takes the pressures that are in
MongoDB's demand_history into the topology's own history; the topology must be stopped, and it may be run again.

  --create-topics     create the source and sink topics where they are missing
  --partitions N      with so many partitions (6)
  --help, --version

Environment (defaults in parentheses):
${settingsHelp([
  ...kafkaSettingsHelp,
  ["KAFKA_GROUP_ID_AGGREGATOR", "application id (demand-aggregator)"],
  ["KAFKA_TOPIC_BOOKING_EVENTS", "(venue.booking.events)"],
  ["KAFKA_TOPIC_DEMAND_HOURLY", "(venue.demand.hourly)"],
  ["KAFKA_TOPIC_DEAD_LETTER", "(<application id>.dead-letter)"],
  ["KAFKA_TOPIC_LATE", "where late events go (nowhere)"],
  ...registrySettingsHelp,
  ["MONGODB_URI", "mongodb://host:port/database, where capacities are: collection sublocations (none)"],
  ["CAPACITY_CACHE_SIZE", "(10000)"],
  ["CAPACITY_CACHE_TTL_MS", "(60000)"],
  ["DEMAND_DEFAULT_CAPACITY", "of what is not there (unknown)"],
  ["VENUE_TIME_ZONE", "(UTC)"],
  ["DEMAND_GRACE_MS", "(300000)"],
  ["DEMAND_IDLE_CLOSE_MS", "0: never (60000)"],
  ["DEMAND_MAX_AHEAD_MS", "(the grace)"],
  ...runSettingsHelp,
])}
`;

runProgram({
  name: "millrace-demand",
  help,
  version,
  settings: demandSettings,
  start: (settings, log, createTopics) => startDemand({ settings, log, createTopics }),
  commands: {
    "import-history": async (settings, log) => {
      const { imported, kept } = await importHistory({ settings, log });
      process.stdout.write(`imported ${imported} hours; ${kept} were there already\n`);
    },
  },
});
