import { fileURLToPath } from "node:url";
import { type PythonPackages, pythonPackages } from "./python-packages.ts";

const requirements = fileURLToPath(new URL("../python/secantus-requirements.txt", import.meta.url));

/**
 * SecantusDB and the Python that it runs on. It is under the GPL: it must never get into an image or a published package,
 * so it is installed in the user's cache, outside of the repository, for tests that talk to it over a socket.
 */
export const secantusParts = (onProgress?: (line: string) => void): Promise<PythonPackages> =>
  pythonPackages("secantusdb", requirements, onProgress);
