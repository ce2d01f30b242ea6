import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../../examples/service/main.ts", import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  /** What it logged. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

const run = async (
  variables: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Outcome> => {
  const child = spawn(process.execPath, ["--conditions=@millrace/source", main, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString("utf8")));
  child.stderr.on("data", (data: Buffer) => (errors += data.toString("utf8")));
  await once(child, "close");
  const lines = errors
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code: child.exitCode, output, lines };
};

describe("a service of one topology", { timeout: 60_000 }, () => {
  test("says what it is and what it reads", async () => {
    const help = await run({}, "--help");
    expect(help).toMatchObject({ code: 0, lines: [] });
    expect(help.output).toMatch(/^Counts the words.*KAFKA_BROKERS.*KAFKA_SSL_CA.*\(word-count\).*HTTP_PORT/s);
  });

  test("refuses each setting that can't be used in a line of JSON, whatever the log level", async () => {
    const { code, lines } = await run({ LOG_LEVEL: "silent", COMMIT_INTERVAL_MS: "soon" });
    expect(code).toBe(1);
    expect(lines).toEqual(
      [
        "KAFKA_BROKERS is not set; it must be host:port, several separated by commas",
        'COMMIT_INTERVAL_MS is "soon"; it must be a whole number from 0 to 2147483647',
      ].map((message) => ({
        level: "error",
        time: expect.any(String),
        application: "word-count",
        code: "CONFIG",
        message,
      })),
    );
  });

  test("refuses arguments that it does not know in a line of JSON", async () => {
    const { code, lines } = await run({}, "--partition", "3");
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.objectContaining({
        level: "error",
        code: "USAGE",
        message: expect.stringContaining("--partition"),
      }),
    ]);
  });

  test("says within five seconds which component is out of reach, where, and what to check", async () => {
    const { code, lines } = await run({ KAFKA_BROKERS: "127.0.0.1:9,[::1]:9", KAFKA_GROUP_ID: "mine" });
    expect(code).toBe(1);
    expect(lines.map(({ message }) => message)).toEqual([
      "word-count 1.0.0",
      "starting mine",
      expect.stringMatching(
        /^no Kafka broker answers at 127\.0\.0\.1:9, \[::1\]:9 .*KAFKA_BROKERS, KAFKA_SSL and KAFKA_SASL_MECHANISM say where and how$/,
      ),
    ]);
    for (const line of lines) expect(line).toMatchObject({ application: "mine", time: expect.any(String) });
    const [begun, ended] = [lines[0], lines.at(-1)].map((line) => Date.parse(String(line?.["time"])));
    expect((ended ?? 0) - (begun ?? 0)).toBeLessThan(5_000);
  });

  test("says whose port is taken before anything connects", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = String(address !== null && typeof address === "object" ? address.port : 0);
    const { code, lines } = await run({ KAFKA_BROKERS: "127.0.0.1:9", HTTP_PORT: port });
    server.close();
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      code: "CONFIG",
      message: `HTTP_PORT is ${port}: 127.0.0.1:${port} is taken by another process; give this one another port, or end that process`,
    });
  });
});
