import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Stands before a server on TCP and can be switched off: the server stays as it is, only nobody reaches it. */
export class TcpSwitch {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [client: Socket, upstream: Socket]>();
  #state: "on" | "off" | "silent" = "on";

  private constructor(server: Server) {
    this.#server = server;
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("a server on TCP has no port");
    this.port = address.port;
  }

  static async before(host: string, port: number): Promise<TcpSwitch> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const created = new TcpSwitch(server);
    server.on("connection", (client) => created.#join(client, host, port));
    return created;
  }

  /** Cuts every connection, and each new one at once. */
  off(): void {
    this.#state = "off";
    for (const [client, upstream] of this.#pairs) {
      client.destroy();
      upstream.destroy();
    }
  }

  /** Nothing passes either way, and nobody is told: what is sent arrives once it is on again. */
  silence(): void {
    this.#state = "silent";
    for (const [client, upstream] of this.#pairs) {
      client.unpipe(upstream).pause();
      upstream.unpipe(client).pause();
    }
  }

  on(): void {
    const silent = this.#state === "silent";
    this.#state = "on";
    if (silent) for (const pair of this.#pairs) flow(pair);
  }

  async close(): Promise<void> {
    this.off();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket, host: string, port: number): void {
    if (this.#state === "off") {
      client.destroy();
      return;
    }
    const upstream = connect(port, host);
    const pair = [client, upstream] as const;
    this.#pairs.add(pair);
    for (const [one, other] of [pair, [upstream, client] as const]) {
      // A cut is what this is for.
      one.on("error", () => undefined);
      one.on("close", () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
    if (this.#state === "on") flow(pair);
    else client.pause();
  }
}

const flow = ([client, upstream]: readonly [Socket, Socket]): void => {
  client.pipe(upstream);
  upstream.pipe(client);
};
