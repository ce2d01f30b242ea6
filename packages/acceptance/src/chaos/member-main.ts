// One member of the application, a process of its own. CHAOS_BROKERS: addresses, separated by commas. CHAOS_WIRES: by the
// port of each broker the port through which this process reaches it, as JSON. Tells what it does line by line, as JSON.
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { createApp, kafka } from "@millrace/streams";
import { applicationId, pipeline } from "./pipeline.ts";

const { CHAOS_BROKERS = "", CHAOS_WIRES = "{}" } = process.env;
const wires = new Map(Object.entries(JSON.parse(CHAOS_WIRES) as Record<string, number>));
const say = (line: object): void =>
  void process.stdout.write(`${JSON.stringify({ at: Date.now(), ...line })}\n`);

// Brokers tell their own addresses: what connects to one of them goes through its wire.
const connect = net.connect;
Object.assign(net, {
  connect: (options: net.TcpNetConnectOpts, connected?: () => void) =>
    connect({ ...options, port: wires.get(`${options.port}`) ?? options.port }, connected),
});
// Else only what was required goes that way, not what was imported.
syncBuiltinESMExports();

const app = createApp(pipeline(), {
  transport: kafka({ brokers: CHAOS_BROKERS.split(","), metadataMaxAgeMs: 5_000 }),
  applicationId,
  sessionTimeoutMs: 6_000,
  heartbeatIntervalMs: 1_000,
  rebalanceTimeoutMs: 20_000,
  transactionTimeoutMs: 10_000,
  metadataMaxAgeMs: 5_000,
  log: (level, message) => {
    if (level !== "debug") say({ level, message });
  },
});
app.onState((state) => say({ state }));
process.once("SIGTERM", () => void app.stop({ timeoutMs: 15_000 }));
let started = false;
try {
  await app.start();
  started = true;
  await app.done();
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error), started });
  process.exitCode = 1;
}
