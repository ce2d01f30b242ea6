import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Supervised } from "./supervised.ts";

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("a child ends with its parent, also when that is killed, and its folder goes with it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "supervised-"));
  const module = new URL("./supervised.ts", import.meta.url).href;
  const program = `
    const { Supervised } = await import(${JSON.stringify(module)});
    const child = await Supervised.start(${JSON.stringify(folder)}, "sleep", ["600"]);
    console.log(child.pid);
    setInterval(() => undefined, 1000);
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [data] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(data.toString("utf8"));
  expect(runs(pid)).toBe(true);
  parent.kill("SIGKILL");
  await expect.poll(() => runs(pid)).toBe(false);
  await expect.poll(() => existsSync(folder)).toBe(false);
});

test("stopping it twice does no harm", async () => {
  const folder = await mkdtemp(join(tmpdir(), "supervised-"));
  const child = await Supervised.start(folder, "sleep", ["600"]);
  expect(child.running).toBe(true);
  await Promise.all([child.stop(), child.stop()]);
  expect(runs(child.pid)).toBe(false);
});
