// Runs applications by turns on JVM Kafka Streams and on Millrace. Ends with "N passed, N failed".
import { parseArgs } from "node:util";
import { startKafka } from "@millrace/devstack";
import { kafka } from "@millrace/streams";
import { brokerSettings } from "./broker-settings.ts";
import { topologyNames } from "./interchange-topologies.ts";
import { runInterchange } from "./run-interchange.ts";
import { type Verdict, verdicts } from "./verdicts.ts";

const usage = `Usage: npm run interchange -- [--topologies NAME,...] [--orders ORDER,...]

Sends three lots of input, and runs each topology on them by turns: J for JVM Kafka Streams, M for Millrace. The engine is
stopped between the first and the second, killed between the second and the third. All orders must make what the first makes.

--topologies  all: ${topologyNames.join(", ")}
--orders      JJJ,MMM,JMJ,MJM,JJM,JMM,MJJ,MMJ
--together    8: so many topologies are one application; the next lot of them runs when it is done
`;

const { values } = parseArgs({
  options: {
    topologies: { type: "string", default: topologyNames.join(",") },
    orders: { type: "string", default: "JJJ,MMM,JMJ,MJM,JJM,JMM,MJJ,MMJ" },
    together: { type: "string", default: "8" },
    help: { type: "boolean", default: false },
  },
});
const names = values.topologies.split(",");
const orders = values.orders.split(",");
const together = Number(values.together);
if (
  values.help ||
  !(Number.isInteger(together) && together > 0) ||
  !orders.every((order) => /^[JM]{3}$/.test(order))
) {
  process.stderr.write(usage);
  process.exit(values.help ? 0 : 2);
}

const began = Date.now();
const say = (line: string): void =>
  void process.stdout.write(`${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`);
const broker = await startKafka({ onProgress: say, overrides: brokerSettings });
const transport = kafka({ brokers: broker.address.split(",") });
const all: Verdict[] = [];
let broken = 0;
try {
  await transport.connect();
  for (let at = 0; at < names.length; at += together) {
    const lot = names.slice(at, at + together);
    say(lot.join(", "));
    const found = await runInterchange({ brokers: broker.address, transport, orders, names: lot, say });
    const ofLot = verdicts(found, lot);
    for (const { what, wrong } of ofLot) {
      console.log(`${wrong.length === 0 ? "passed" : "FAILED"}  ${what}`);
      for (const line of wrong) console.log(`        ${line.replaceAll("\n", "\n        ")}`);
    }
    all.push(...ofLot);
  }
  say("done");
} catch (error) {
  console.error(error);
  broken = 1;
} finally {
  await transport.close();
  await broker.stop();
}
const failed = all.filter(({ wrong }) => wrong.length > 0).length;
console.log(`${all.length - failed} passed, ${failed + broken} failed`);
process.exitCode = failed + broken === 0 ? 0 : 1;
