import { schemaRegistry } from "@millrace/avro";
import { hourlyTopology } from "./hourly-topology.ts";
import { measureApp } from "./measure-app.ts";
import type { HourlyJob } from "./hourly-job.ts";

// Its argument is the job.
const job = JSON.parse(process.argv[2] ?? "{}") as HourlyJob;

await measureApp(job, (onRecord) =>
  hourlyTopology({
    applicationId: job.applicationId,
    registry: schemaRegistry({ url: job.registryUrl }),
    input: job.input,
    output: job.output,
    onRecord,
  }),
);
