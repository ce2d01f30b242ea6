import { measureApp } from "../measure-app.ts";
import type { JoinsJob } from "./joins-job.ts";
import { joinsTopology } from "./joins-topology.ts";

// Its argument is the job.
const job = JSON.parse(process.argv[2] ?? "{}") as JoinsJob;

await measureApp(job, (onRecord) => joinsTopology(job, onRecord));
