import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { StartOptions } from "./component.ts";
import { cached, checkJvm, maven } from "./maven-cache.ts";

const pom = fileURLToPath(new URL("../jvm/streams.pom.xml", import.meta.url));

/** A compiled program; its folder is there for its state, too. */
export interface StreamsProgram {
  readonly classpath: string;
  readonly folder: string;
  /** Deletes it all. */
  readonly remove: () => Promise<void>;
}

/** Compiles a Java file, with what it needs of those beside it, against JVM Kafka Streams 4.4.0 and Avro from Maven Central. Needs a JDK and Maven. */
export const compileStreams = async (
  program: string,
  { onProgress }: StartOptions = {},
): Promise<StreamsProgram> => {
  await checkJvm();
  const libraries = await cached("kafka-streams-4.4.0", async (into) => {
    onProgress?.("Kafka Streams 4.4.0: downloading with Maven");
    await copyFile(pom, join(into, "pom.xml"));
    await maven(into, "dependency:copy-dependencies", "-DoutputDirectory=libs");
  });
  const folder = await mkdtemp(join(tmpdir(), "millrace-streams-"));
  const classpath = `${folder}:${libraries}/libs/*`;
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const beside = dirname(program);
    await promisify(execFile)("javac", ["-cp", classpath, "-sourcepath", beside, "-d", folder, program]);
  } catch (error) {
    await remove();
    throw error;
  }
  return { classpath, folder, remove };
};
