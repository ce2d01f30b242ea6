import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Stands before a server on TCP and can be switched off: the server stays as it is, only nobody reaches it. */
export class TcpSwitch {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #on = true;

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
    this.#on = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  on(): void {
    this.#on = true;
  }

  async close(): Promise<void> {
    this.off();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket, host: string, port: number): void {
    if (!this.#on) {
      client.destroy();
      return;
    }
    const upstream = connect(port, host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      // A cut is what this is for.
      from.on("error", () => undefined);
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
