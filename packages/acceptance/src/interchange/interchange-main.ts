import { once } from "node:events";
import { createApp, kafka } from "@millrace/streams";
import { interchangeTopology } from "./interchange-topologies.ts";

// Millrace's half of the interchange test; it takes and says what `jvm/Interchange.java` does.
const [brokers = "", , inputs = "", ...applications] = process.argv.slice(2);

const apps = applications.map((application) => {
  const [applicationId = "", names = ""] = application.split("=");
  return createApp(interchangeTopology(applicationId, inputs, names.split(",")), {
    transport: kafka({ brokers: brokers.split(",") }),
    // Each record makes its outputs, so that those of both engines can be compared one by one.
    caching: false,
    commitIntervalMs: 500,
    // Records of one part come to both sides of a join a little apart, and are taken in the order of their times.
    maxTaskIdleMs: 1_000,
    // What a killed one leaves behind is waited for.
    sessionTimeoutMs: 10_000,
    heartbeatIntervalMs: 1_000,
    transactionTimeoutMs: 15_000,
  });
});
await Promise.all(apps.map((app) => app.start()));
process.stdout.write("running\n");
process.stdin.resume();
await Promise.race([once(process.stdin, "end"), ...apps.map((app) => app.done())]);
await Promise.all(apps.map((app) => app.stop()));
