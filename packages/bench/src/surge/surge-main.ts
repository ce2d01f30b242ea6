import { startSurge, surgeSettings } from "@millrace/surge";
import { serviceLog } from "@millrace/service";
import type { Sample, SurgeMeasurement } from "./surge-process.ts";

// A process of its own; its argument is the number of demand records. Measures from the first of them until it is told
// to finish.
const records = Number(process.argv[2]);
const sampleMs = 5_000;

const settings = surgeSettings(process.env);
const log = serviceLog("warn");
const service = await startSurge({ settings, log });
const app = service.applications[0]?.app;
if (app === undefined) throw new Error("the surge service runs no application");
service.done().catch((error: unknown) => {
  log("error", String(error));
  process.exit(1);
});
const samples: Sample[] = [];
let startedAt = 0;
let cpuBefore = process.cpuUsage();
const secondsSoFar = (): number => (performance.now() - startedAt) / 1_000;
const lag = (): number =>
  [...app.lag].reduce(
    (sum, [partition, behind]) => (partition.startsWith(`${settings.demandHourly}-`) ? sum + behind : sum),
    0,
  );

const sampling = setInterval(
  () => samples.push({ atSeconds: secondsSoFar(), rssBytes: process.memoryUsage.rss(), lag: lag() }),
  sampleMs,
);
// It ends with whoever started it, however that one ends.
process.once("disconnect", () => process.exit(1));
process.once("message", () => {
  const seconds = secondsSoFar();
  const { user, system } = process.cpuUsage(cpuBefore);
  clearInterval(sampling);
  void (async () => {
    await service.stop();
    const measurement: SurgeMeasurement = {
      seconds,
      cpuMicrosPerRecord: Number(((user + system) / records).toFixed(2)),
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      samples,
    };
    process.send?.(measurement, () => process.exit(0));
  })();
});
while (app.metrics.processed === 0) await new Promise((resolve) => setTimeout(resolve, 1));
startedAt = performance.now();
cpuBefore = process.cpuUsage();
