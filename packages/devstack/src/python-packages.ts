import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { cached } from "./maven-cache.ts";

const run = promisify(execFile);
/** The hashes in the requirements are those of wheels for this Python. */
const pythonVersion = "3.11";

/** What a program in Python runs on: an interpreter, and the folder that its packages are in (`PYTHONPATH`). */
export interface PythonPackages {
  readonly python: string;
  readonly site: string;
}

/**
 * Finds Python 3.11, and what a file of requirements names in the user's cache, where pip puts it the first time: pinned,
 * and each file checked by its hash. Throws, saying what is missing. `name`: of the folder, and for a person.
 */
export const pythonPackages = async (
  name: string,
  requirements: string,
  onProgress?: (line: string) => void,
): Promise<PythonPackages> => {
  const python = await findPython();
  const revision = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 8);
  const site = await cached(`${name}-${revision}`, async (folder) => {
    onProgress?.(`${name}: downloading with pip`);
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
