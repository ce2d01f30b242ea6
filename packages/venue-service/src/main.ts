#!/usr/bin/env node
import { runProgram } from "@millrace/service";
import { startVenue } from "./venue-app.ts";
import { venueSettings } from "./venue-settings.ts";
import { version } from "./version.ts";

const help = `Usage: millrace-venue [OPTION...]

millrace-demand and millrace-surge in one process, for small installations.

  --create-topics     create the topics of the venue where they are missing
  --partitions N      with so many partitions (6)
  --help, --version

Environment: that of millrace-demand and of millrace-surge, see their --help. KAFKA_TOPIC_DEAD_LETTER and
KAFKA_TOPIC_LATE are those of the demand topology; the surge topology's dead-letter topic has its default name.
`;

runProgram({
  name: "millrace-venue",
  help,
  version,
  settings: venueSettings,
  start: (settings, log, createTopics) => startVenue({ settings, log, createTopics }),
});
