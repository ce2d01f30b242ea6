import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cached } from "./maven-cache.ts";

const run = promisify(execFile);
const requirements = fileURLToPath(new URL("../python/secantus-requirements.txt", import.meta.url));
/** The hashes in the requirements are those of wheels for this Python. */
const pythonVersion = "3.11";

/** What SecantusDB runs on: an interpreter, and the folder that its packages are in. */
export interface SecantusParts {
  readonly python: string;
  readonly site: string;
}

/**
 * Finds Python 3.11, and SecantusDB in the user's cache, where pip puts it the first time: pinned, and each file checked
 * by its hash. It is under the GPL: it must never get into an image or a published package, so it is installed here,
 * outside of the repository, for tests that talk to it over a socket. Throws, saying what is missing.
 */
export const secantusParts = async (onProgress?: (line: string) => void): Promise<SecantusParts> => {
  const python = await findPython();
  const revision = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 8);
  const site = await cached(`secantusdb-${revision}`, async (folder) => {
    onProgress?.("mongo (SecantusDB): downloading with pip");
    const options = ["--quiet", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"];
    const exactly = ["--require-hashes", "--only-binary=:all:", "--no-deps"];
    await run(
      python,
      ["-m", "pip", "install", ...options, ...exactly, "--target", folder, "--requirement", requirements],
      { maxBuffer: 16 * 1024 * 1024 },
    );
  });
  return { python, site };
};

const findPython = async (): Promise<string> => {
  const found: string[] = [];
  for (const python of [`python${pythonVersion}`, "python3", "python"]) {
    const asked = await run(python, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]).catch(
      () => undefined,
    );
    const version = asked?.stdout.trim();
    if (version === pythonVersion) return python;
    if (version !== undefined && !found.includes(version)) found.push(version);
  }
  throw new Error(
    `Python ${pythonVersion} is needed, and ${found.length === 0 ? "there is none" : `this is ${found.join(", ")}`}`,
  );
};
