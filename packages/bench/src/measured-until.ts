import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Measurement } from "./measurement.ts";

/**
 * Runs an engine's program until what it is waited for is there, gives it a line of input then, and answers what it
 * measured up to that moment. Throws when it ends before.
 */
export const measuredUntil = async (
  command: string,
  args: readonly string[],
  until: (signal: AbortSignal) => Promise<void>,
): Promise<Measurement> => {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const output = text(child.stdout);
  const ended = new AbortController();
  const tooSoon = exited.then(([code]) => {
    ended.abort();
    throw new Error(`${command} ended with code ${code} before all was committed`);
  });
  try {
    await Promise.race([until(ended.signal), tooSoon]);
    tooSoon.catch(() => undefined);
    child.stdin.end("\n");
    const lines = (await output).trim().split("\n");
    await exited;
    return JSON.parse(lines.at(-1) ?? "") as Measurement;
  } finally {
    child.kill("SIGKILL");
  }
};
