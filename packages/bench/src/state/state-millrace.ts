import { lmdbState } from "@millrace/lmdb";
import { measureApp } from "../measure-app.ts";
import { latestTopology } from "./latest-topology.ts";
import { measureRestore } from "./measure-restore.ts";
import { measureTakeOver } from "./measure-take-over.ts";
import type { StateJob } from "./state-job.ts";

// A process of its own, so that its CPU and memory are the engine's alone. Its argument is the job.
const job = JSON.parse(process.argv[2] ?? "{}") as StateJob;
const { stateFolder, phase } = job;
const state = stateFolder === undefined ? undefined : await lmdbState({ directory: stateFolder });

if (phase === "keep") await measureApp(job, (onRecord) => latestTopology(job, onRecord), state);
else if (phase === "restore") await measureRestore(job, state);
else await measureTakeOver(job, state);
