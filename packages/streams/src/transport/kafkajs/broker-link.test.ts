import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { BrokerHealth } from "./broker-health.ts";
import { BrokerLink } from "./broker-link.ts";

test("a broker that hangs up before it has said its versions is a network error, to be tried again", async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const link = new BrokerLink({
    clientId: "test",
    host: "127.0.0.1",
    port,
    connectionTimeout: 1_000,
    requestTimeout: 1_000,
    node: -1,
    health: new BrokerHealth(),
  });
  await expect(link.opened()).rejects.toMatchObject({
    name: "TransportError",
    kafkaError: "NETWORK",
    retriable: true,
  });
  await link.close();
  server.close();
});
