import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const run = (file: string, ...args: readonly string[]): void => {
  execFileSync(file, args, { stdio: "inherit" });
};
const dir = mkdtempSync(join(tmpdir(), "pack-"));
run("tsc", "-b", "tsconfig.build.json");
run("pnpm", "-r", "--filter", "./packages/*", "pack", "--pack-destination", dir);
for (const file of readdirSync(dir)) {
  const tarball = join(dir, file);
  run("publint", "--strict", tarball);
  run("attw", "--profile", "esm-only", "--format", "ascii", tarball);
}
