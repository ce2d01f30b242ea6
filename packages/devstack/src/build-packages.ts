import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Builds what has changed of the packages, for tests of their binaries: as they are shipped, they start in half of the time. */
export const buildPackages = async (): Promise<void> => {
  await run(`${root}node_modules/.bin/tsc`, ["-b", `${root}tsconfig.build.json`]).catch((error: unknown) => {
    throw new Error(`the packages can't be built:\n${(error as { readonly stdout?: string }).stdout}`);
  });
  await run(process.execPath, [`${root}packages/console/build-page.ts`]);
};
