import { hasJvm, startKafka } from "@millrace/devstack";
import { kafka } from "@millrace/streams";
import { expect, test } from "vitest";
import { brokerSettings } from "./broker-settings.ts";
import { runInterchange } from "./run-interchange.ts";
import { verdicts } from "./verdicts.ts";

// One of each kind of state; `npm run interchange` runs them all, in every order of engines.
const names = [
  "aggregate",
  "tumbling-finals",
  "session-finals",
  "suppress-windows",
  "stream-stream-left",
  "stream-table-left",
  "foreign-key",
  "grouped-table",
];

test.skipIf(!(await hasJvm()))(
  "applications go on in the other engine, stopped or killed: the same outputs, finals once, the same state",
  async () => {
    const broker = await startKafka({ onProgress: () => undefined, overrides: brokerSettings });
    const brokers = broker.address;
    const transport = kafka({ brokers: brokers.split(",") });
    try {
      await transport.connect();
      const orders = ["JJJ", "JMJ", "MJM"];
      const found = await runInterchange({ brokers, transport, orders, names, say: () => undefined });
      const all = verdicts(found, names);
      expect(all.length).toBeGreaterThan(2 * names.length);
      expect(all.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    } finally {
      await transport.close();
      await broker.stop();
    }
  },
);
