// What would be published, as it would be published: packed with nothing built before, then looked at by publint and
// by attw. And what is published says what is new in it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packPackages } from "./pack-packages.ts";
import { publicPackages } from "./public-packages.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = (file: string, ...args: readonly string[]): void => {
  execFileSync(file, args, { stdio: "inherit", cwd: root });
};
const changesets = readdirSync(`${root}.changeset`)
  .filter((name) => name.endsWith(".md"))
  .map((name) => readFileSync(`${root}.changeset/${name}`, "utf8"));
for (const { name, folder } of publicPackages())
  if (!existsSync(`${folder}/CHANGELOG.md`) && !changesets.some((text) => text.includes(`"${name}": `)))
    throw new Error(`${name} has neither a CHANGELOG.md nor a changeset: write one with "npm run changeset"`);

const dir = mkdtempSync(join(tmpdir(), "pack-"));
try {
  // The repository's own compiler: this package has an older one, too.
  run(join(root, "node_modules/.bin/tsc"), "-b", "tsconfig.build.json", "--clean");
  for (const tarball of (await packPackages(dir)).values()) {
    run("publint", "--strict", tarball);
    run("attw", "--profile", "esm-only", "--format", "ascii", tarball);
  }
} finally {
  rmSync(dir, { recursive: true });
}
