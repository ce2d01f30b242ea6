import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Measurement } from "../measurement.ts";
import type { Program } from "./state-engines.ts";

/** Runs a program that knows its end, and answers what it measured: the last line of its output. */
export const endedByItself = async ({ command, args }: Program): Promise<Measurement> => {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (code !== 0) throw new Error(`${command} ended with code ${String(code)}`);
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Measurement;
};
