// What would be published, as it would be published: packed with nothing built before, then looked at by publint and
// by attw.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packPackages } from "./pack-packages.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = (file: string, ...args: readonly string[]): void => {
  execFileSync(file, args, { stdio: "inherit", cwd: root });
};
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
