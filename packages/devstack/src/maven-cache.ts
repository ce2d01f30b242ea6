import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Throws, saying what to install, unless a JDK 17 or newer and Maven are there. */
export const checkJvm = async (): Promise<void> => {
  const version = await run("java", ["-version"]).catch(() => undefined);
  const major = /version "(\d+)/.exec(version?.stderr ?? "")?.[1];
  if (major === undefined || Number(major) < 17)
    throw new Error(
      `a JDK 17 or newer is needed, and ${major === undefined ? "there is none" : `this is ${major}`}`,
    );
  if ((await run("mvn", ["-v"]).catch(() => undefined)) === undefined)
    throw new Error("Maven (mvn) is needed");
};

/** Whether a JDK 17 or newer and Maven are there. */
export const hasJvm = (): Promise<boolean> =>
  checkJvm().then(
    () => true,
    () => false,
  );

/**
 * A folder of downloaded files, kept for the next time under the user's cache. It is filled aside and moved into
 * place whole, so neither an interruption nor two processes at once leave half of it.
 */
export const cached = async (name: string, fill: (folder: string) => Promise<void>): Promise<string> => {
  const base = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "millrace", "devstack");
  const folder = join(base, name);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const aside = await mkdtemp(`${folder}-`);
  try {
    await fill(aside);
    await rename(aside, folder).catch(async (error: unknown) => {
      // Somebody else was faster; theirs is as good.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return folder;
};

export const maven = async (folder: string, ...args: readonly string[]): Promise<void> => {
  await run("mvn", ["-q", "-B", ...args], { cwd: folder, maxBuffer: 16 * 1024 * 1024 });
};
