import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileStreams } from "@millrace/devstack";
import { say } from "./say.ts";

/** A compiled program, and a folder of its own for its state. */
interface JvmProgram {
  readonly classpath: string;
  readonly stateFolder: string;
}

/** Compiles `jvm/<name>.java`, and lets `use` run it; what was compiled and its state are deleted after. */
export const withJvmProgram = async <T>(
  name: string,
  use: (program: JvmProgram) => Promise<T>,
): Promise<T> => {
  const file = fileURLToPath(new URL(`../jvm/${name}.java`, import.meta.url));
  const { classpath, folder, remove } = await compileStreams(file, { onProgress: say });
  try {
    return await use({ classpath, stateFolder: join(folder, "state") });
  } finally {
    await remove();
  }
};
