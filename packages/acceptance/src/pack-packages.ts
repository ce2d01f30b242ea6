import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { publicPackages } from "./public-packages.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Packs what would be published into a folder, as it would be published: each package builds itself. Answers their
 * tarballs by name. One after another, as they build what they depend on.
 */
export const packPackages = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as {
    readonly packageManager: string;
  };
  const names = publicPackages().map(({ name }) => name);
  const filters = names.flatMap((name) => ["--filter", name]);
  const pack = ["-r", ...filters, "--workspace-concurrency=1", "pack", "--pack-destination", folder];
  await run("npx", ["--yes", "--prefer-offline", packageManager, ...pack], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
    // The caller's Node may be another one than the repository's.
    env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}` },
  });
  return new Map(
    publicPackages().map(({ name, folder: of }) => {
      const { version } = JSON.parse(readFileSync(`${of}/package.json`, "utf8")) as {
        readonly version: string;
      };
      return [name, join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`)];
    }),
  );
};
