import { expect, test } from "vitest";
import { checkOutput } from "./check-output.ts";
import type { JoinsJob } from "./joins-job.ts";

const job: JoinsJob = {
  workload: "stream-stream",
  brokers: "",
  applicationId: "a",
  left: "left",
  right: "right",
  output: "out",
  windowMs: 10,
  guarantee: "exactly_once",
  records: 4,
};
const digest = { results: 3, checksum: 17, counted: 0 };

test("takes an output that is the one before", () => {
  expect(() => checkOutput("millrace", job, digest, undefined)).not.toThrow();
  expect(() => checkOutput("jvm", job, digest, digest)).not.toThrow();
});

test.for([
  { results: 2, checksum: 17, counted: 0 },
  { results: 3, checksum: 18, counted: 0 },
])("refuses an output that is not the one before: %o", (other) => {
  expect(() => checkOutput("jvm", job, other, digest)).toThrow(/jvm made .* and the run before 3/);
});

test("refuses an output without results, where nothing was joined", () => {
  expect(() => checkOutput("jvm", job, { results: 0, checksum: 0, counted: 0 }, undefined)).toThrow(
    /no results/,
  );
});

test("refuses sessions that do not count every record once", () => {
  const sessions: JoinsJob = { ...job, workload: "sessions" };
  expect(() => checkOutput("jvm", sessions, { ...digest, counted: 4 }, undefined)).not.toThrow();
  expect(() => checkOutput("jvm", sessions, { ...digest, counted: 5 }, undefined)).toThrow(/make 5 records/);
});
