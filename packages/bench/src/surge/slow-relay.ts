import { once } from "node:events";
import { connect, createServer } from "node:net";

/** Stands before a server on TCP. */
export interface SlowRelay {
  readonly port: number;
  close(): void;
}

/** Hands on all that the server at `host:port` answers, in order, each piece `ms` later: as one that is far away. */
export const slowRelay = async (host: string, port: number, ms: number): Promise<SlowRelay> => {
  const server = createServer((client) => {
    const upstream = connect(port, host);
    for (const socket of [client, upstream]) socket.setNoDelay(true);
    client.pipe(upstream);
    upstream.on("data", (piece) => setTimeout(() => client.write(piece), ms));
    upstream.on("close", () => setTimeout(() => client.destroy(), ms));
    client.on("close", () => upstream.destroy());
    // Whoever has a connection that breaks hears of it by its end.
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server on TCP has no port");
  return { port: address.port, close: () => server.close() };
};
