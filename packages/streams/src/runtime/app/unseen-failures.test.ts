import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

/** A program on a simulated cluster whose application fails at a record without a key. */
const program = (rest: string): string => `
  import { createApp, noHeaders, stream, string, to, topic, topology } from "@millrace/streams";
  import { simulatedCluster } from "@millrace/streams/testing";
  const cluster = simulatedCluster();
  const transport = cluster.transport();
  await transport.connect();
  await transport.createTopics(["in", "out"].map((topic) => ({ topic, partitions: 1, configs: {} })));
  const serdes = { key: string(), value: string() };
  const copy = topology("copy", stream(topic("in", serdes)).pipe(to(topic("out", serdes))));
  const app = createApp(copy, { transport: cluster.transport() });
  const producer = await transport.createProducer({ transactionTimeoutMs: 10000, compression: "none" });
  await producer.prepareTopics(["in"]);
  producer.append("in", 0, null, Buffer.from("a value"), 1, noHeaders);
  await producer.flush();
  await producer.close();
  await app.start();
  ${rest}
`;

const run = async (rest: string): Promise<{ readonly code: number | null; readonly errors: string }> => {
  const args = ["--conditions=@millrace/source", "--input-type=module", "--eval", program(rest)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (data: Buffer) => {
    errors += data.toString("utf8");
  });
  await once(child, "close");
  return { code: child.exitCode, errors };
};

test("an application that fails with nobody watching says why, and ends the process with code 1", async () => {
  const { code, errors } = await run("");
  expect(errors).toMatch(/^millrace error: stopping: .*offset 0/m);
  expect(errors).toMatch(/application "copy" ended, and nobody awaits its done\(\): .*in-0 offset 0/);
  expect(code).toBe(1);
}, 60_000);

test("a failure that somebody has taken care of leaves the exit code alone", async () => {
  const { code, errors } = await run("await app.done().catch(() => undefined);");
  expect(errors).not.toContain("nobody awaits");
  expect(code).toBe(0);
}, 60_000);
