import type { AddressInfo } from "node:net";
import { type Console, type ConsoleOptions, startConsole } from "@millrace/console";
import { serveService, type Service } from "@millrace/service";
import type { Transport } from "@millrace/streams";

/** What the demo shows in its console. */
export interface DemoConsoleOptions {
  readonly service: Service;
  /** A client of its own at each call. */
  readonly transport: () => Transport;
  /** Of Kafka, for people. */
  readonly address: string;
  readonly registry: ConsoleOptions["registry"];
  readonly demandTopic: string;
}

/** Where the console listens if it can; another demo may be there. */
const usualPort = 8085;

/** Serves the pipelines' endpoint, and the console over it, at this machine alone. */
export const startDemoConsole = async ({
  service,
  transport,
  address,
  registry,
  demandTopic,
}: DemoConsoleOptions): Promise<Pick<Console, "url" | "token" | "close">> => {
  const http = { host: "127.0.0.1", port: 0, stores: true };
  const server = await serveService({ name: "demo", version: "demo", http, service: () => service });
  const { port } = server.address() as AddressInfo;
  const options = {
    applications: [`http://127.0.0.1:${port}`],
    kafka: { address, transport: transport() },
    registry,
    demandTopic,
  };
  const console = await startConsole({ ...options, port: usualPort }).catch(() =>
    startConsole({ ...options, port: 0 }),
  );
  return {
    url: console.url,
    token: console.token,
    close: async () => {
      await console.close();
      server.closeAllConnections();
      server.close();
    },
  };
};
