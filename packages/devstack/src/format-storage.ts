import { execFile } from "node:child_process";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { logging } from "./java-arguments.ts";
import { copyLogSettings } from "./kafka-libraries.ts";
import { kraftSettings, propertiesText } from "./kafka-settings.ts";
import { cached } from "./maven-cache.ts";
import { randomKafkaId } from "./random-kafka-id.ts";

const run = promisify(execFile);
const data = "data";

/** Whose storage it is to be. */
export interface StorageOwner {
  readonly clusterId: string;
  /** `node.id`. */
  readonly node: string;
}

/**
 * Formats the `data` of a broker in its folder, for KRaft. Kafka's own tool does so once for each version, as it takes as
 * long as a broker's start: what it wrote is kept in the user's cache, and copied with ids of its own.
 */
export const formatStorage = async (
  folder: string,
  version: string,
  libraries: string,
  { clusterId, node }: StorageOwner,
): Promise<void> => {
  const formatted = await cached(`kafka-storage-${version}`, async (into) => {
    const settings = { ...kraftSettings(1, 9092, 9093, "1@127.0.0.1:9093"), "log.dirs": data };
    await writeFile(join(into, "server.properties"), propertiesText(settings));
    await copyLogSettings(into);
    const tool = ["kafka.tools.StorageTool", "format", "-t", randomKafkaId(), "-c", "server.properties"];
    await run("java", [logging, "-cp", libraries, ...tool], { cwd: into });
  });
  await cp(join(formatted, data), join(folder, data), { recursive: true });
  const ids = { version: "1", "cluster.id": clusterId, "node.id": node, "directory.id": randomKafkaId() };
  await writeFile(join(folder, data, "meta.properties"), propertiesText(ids));
};
