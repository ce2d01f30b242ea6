import { connect } from "node:net";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { javaArguments } from "./java-arguments.ts";
import { copyLogSettings } from "./kafka-libraries.ts";
import { propertiesText } from "./kafka-settings.ts";
import { Supervised, untilReady } from "./supervised.ts";

/** The ZooKeeper that comes with the libraries of an older Kafka, on a port, its data in a folder that goes with it. */
export const startZookeeper = async (libraries: string, port: number): Promise<Supervised> => {
  const folder = await mkdtemp(join(tmpdir(), "millrace-zookeeper-"));
  const settings = {
    dataDir: "./data",
    clientPort: `${port}`,
    clientPortAddress: "127.0.0.1",
    "admin.enableServer": "false",
  };
  await writeFile(join(folder, "zookeeper.properties"), propertiesText(settings));
  await copyLogSettings(folder);
  const running = await Supervised.start(folder, "java", [
    ...javaArguments(libraries, "256m"),
    "org.apache.zookeeper.server.ZooKeeperServerMain",
    "./zookeeper.properties",
  ]);
  await untilReady("ZooKeeper", running, () => accepts(port));
  return running;
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
