import { afterEach, expect, test, vi } from "vitest";
import { runMillrace } from "./run-millrace.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What is printed for these arguments. */
const printed = async (...args: readonly string[]): Promise<string> => {
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((written) => {
    text += String(written);
    return true;
  });
  await runMillrace(args);
  return text.trimEnd();
};

test("lists its commands, each with what it is for, on one screen above the settings", async () => {
  const help = await printed("--help");
  const [listed = ""] = help.split("Environment");
  expect(listed.split("\n").length).toBeLessThan(24);
  for (const command of ["describe", "lag", "tasks", "state", "reset", "dead-letters", "console"]) {
    expect(listed).toMatch(new RegExp(`^  ${command} +\\w.{20}`, "m"));
    expect(await printed("help", command)).toMatch(new RegExp(`^millrace ${command} `));
  }
  expect(await printed("help")).toBe(help);
  await expect(runMillrace([])).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringContaining(help) as string,
  });
});

test("tells in one line what it can't read", async () => {
  vi.stubEnv("KAFKA_BROKERS", "");
  await expect(runMillrace(["log", "orders"])).rejects.toThrow(
    /^millrace has no command "log"; it has describe, lag, .*, and --help says what they do$/,
  );
  await expect(runMillrace(["lag", "orders", "--topics", "t"])).rejects.toThrow(
    /^Unknown option '--topics': millrace lag --help says what it takes$/,
  );
  await expect(runMillrace(["lag", "orders"])).rejects.toThrow(
    /^no brokers: give --brokers host:port, or set KAFKA_BROKERS$/,
  );
});
