// What would be published, as it would be published: packed, then looked at by publint and by attw.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = (file: string, ...args: readonly string[]): void => {
  execFileSync(file, args, { stdio: "inherit", cwd: root });
};
const dir = mkdtempSync(join(tmpdir(), "pack-"));
try {
  run("tsc", "-b", "tsconfig.build.json");
  run("pnpm", "-r", "--filter", "./packages/*", "pack", "--pack-destination", dir);
  for (const file of readdirSync(dir)) {
    const tarball = join(dir, file);
    run("publint", "--strict", tarball);
    run("attw", "--profile", "esm-only", "--format", "ascii", tarball);
  }
} finally {
  rmSync(dir, { recursive: true });
}
