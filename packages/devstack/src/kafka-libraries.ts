import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StartOptions } from "./component.ts";
import { cached, checkJvm, maven } from "./maven-cache.ts";

const jvmFolder = (file: string): string => fileURLToPath(new URL(`../jvm/${file}`, import.meta.url));

/** Downloads a version of Apache Kafka from Maven Central, once; answers the class path. */
export const kafkaLibraries = async (version: string, { onProgress }: StartOptions): Promise<string> => {
  await checkJvm();
  const folder = await cached(`kafka-broker-${version}`, async (into) => {
    onProgress?.(`kafka ${version}: downloading with Maven`);
    await copyFile(jvmFolder("kafka.pom.xml"), join(into, "pom.xml"));
    await maven(into, "dependency:copy-dependencies", "-DoutputDirectory=libs", `-Dkafka.version=${version}`);
  });
  return `${folder}/libs/*`;
};

/** Puts the settings of its log into the folder that a JVM is to run in. */
export const copyLogSettings = (folder: string): Promise<void> =>
  copyFile(jvmFolder("log4j2.xml"), join(folder, "log4j2.xml"));
