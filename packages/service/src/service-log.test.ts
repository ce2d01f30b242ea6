import { expect, test } from "vitest";
import { serviceLog } from "./service-log.ts";
import { withFields } from "./with-fields.ts";

const logged = (threshold: Parameters<typeof serviceLog>[0] = "debug") => {
  const lines: string[] = [];
  const log = serviceLog(threshold, { write: (line) => void lines.push(line) });
  return { log, lines, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};

test("writes a line of JSON with time, level, fields and message", () => {
  const { log, read } = logged();
  withFields(log, { application: "counts" })("warn", "something", { offset: 7 });
  expect(read()).toEqual([
    {
      level: "warn",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      application: "counts",
      offset: 7,
      message: "something",
    },
  ]);
});

test("lets no field take the place of what each line has", () => {
  const { log, lines, read } = logged();
  log("info", "mine", { message: "theirs", level: 3, time: "never" });
  expect(read()[0]).toMatchObject({
    level: "info",
    message: "mine",
    _message: "theirs",
    _level: 3,
    _time: "never",
  });
  expect(lines[0]?.match(/"message":/g)).toHaveLength(1);
});

test("tells an error in a field, with its message and code", () => {
  const { log, read } = logged();
  log("error", "failed", { cause: Object.assign(new Error("disk"), { code: "EIO" }) });
  expect(read()[0]).toMatchObject({ cause: { message: "disk", code: "EIO" } });
});

test("leaves out what is below the threshold", () => {
  const { log, lines } = logged("warn");
  log("debug", "a");
  log("info", "b");
  log("error", "c");
  expect(lines).toHaveLength(1);
  const silent = logged("silent");
  silent.log("error", "d");
  expect(silent.lines).toHaveLength(0);
});

test("takes what JSON does not", () => {
  const { log, read } = logged();
  const circle: Record<string, unknown> = { big: 2n ** 60n };
  circle["self"] = circle;
  log("info", "odd", { circle });
  expect(read()[0]).toMatchObject({ message: "odd" });
});
