import { inject } from "vitest";
import { TcpSwitch } from "../tcp-switch.ts";

/** MongoDB behind a switch, and how the services find it. */
export const switchedMongo = async (): Promise<{ readonly switch: TcpSwitch; readonly uri: string }> => {
  const server = new URL(inject("mongo"));
  const before = await TcpSwitch.before(server.hostname, Number(server.port || 27_017));
  server.host = `127.0.0.1:${before.port}`;
  // Members of a replica set tell where they are, which is past the switch.
  server.searchParams.set("directConnection", "true");
  return { switch: before, uri: server.href };
};
