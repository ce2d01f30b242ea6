import { expect, inject, test } from "vitest";
import { mongoUriOf } from "./mongo-uri.ts";
import { Program } from "./program.ts";
import { until } from "./venue-client.ts";

const start = new URL("../../demo/src/start.ts", import.meta.url);
const home = { HOME: process.env["HOME"] ?? "" };

test("npm start -- --once checks itself with nothing but Node", async () => {
  const demo = new Program(start, { ...home, MILLRACE_DEVSTACK: "simulated" }, ["--once"]);
  expect(await demo.exit(), demo.output).toBe(0);
  expect(demo.output).toMatch(/a cluster simulated in this process/);
  expect(demo.output).toMatch(/surge runs dry/);
  expect(demo.output).toMatch(/Checked: all 31 final records .* all 37 drafts follow/);
});

test("npm start ends with the console's address, behind what it says of the letters that it sends", async () => {
  const demo = new Program(start, { ...home, MILLRACE_DEVSTACK: "simulated" });
  await until(
    () => demo.output.includes("to replay dead letters there") || !demo.running,
    () => demo.output,
    120_000,
  );
  const [before = "", after = ""] = demo.output.split("Look at it:");
  expect(before.match(/"message":"dead-lettered a record/g)).toHaveLength(2);
  const [, address = ""] = /^ +(http:\S+)\n.*\n$/.exec(after) ?? [];
  expect(await (await fetch(address)).text()).toContain("<title>Millrace");
  demo.kill("SIGTERM");
  expect(await demo.exit(), demo.output).toBe(0);
});

test("npm start -- --once checks itself on components that it is given", async () => {
  const environment = {
    ...home,
    MILLRACE_DEVSTACK: "given",
    KAFKA_BROKERS: inject("kafka"),
    SCHEMA_REGISTRY_URL: inject("registry"),
    MONGODB_URI: mongoUriOf(inject("mongo"), ""),
  };
  const demo = new Program(start, environment, ["--once"]);
  expect(await demo.exit(), demo.output).toBe(0);
  expect(demo.output).toMatch(/read back from MongoDB/);
  expect(demo.output).toMatch(/arena +\S+ +15\.00 +1\.20 +1\.7577/);
});
