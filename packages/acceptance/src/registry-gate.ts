import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Issued } from "./certificates.ts";

/** Whom a gate lets through. */
export interface GateRules {
  /** Its own certificate. */
  readonly own: Issued;
  /** PEM file: with it, nobody passes without a certificate of this authority. */
  readonly clientsOf?: string;
  /** What the header `authorization` must be. */
  readonly authorization: () => string;
}

/** Stands before a schema registry: speaks TLS, and lets through who may ask. The registry behind it is the real one. */
export class RegistryGate {
  /** To be asked in place of the registry's. */
  readonly url: string;
  readonly #server: Server;

  private constructor(url: string, server: Server) {
    this.url = url;
    this.#server = server;
  }

  static async before(registry: string, { own, clientsOf, authorization }: GateRules): Promise<RegistryGate> {
    const server = createServer(
      {
        cert: await readFile(own.cert),
        key: await readFile(own.key),
        ...(clientsOf !== undefined && {
          ca: await readFile(clientsOf),
          requestCert: true,
          rejectUnauthorized: true,
        }),
      },
      (request, response) => {
        if (request.headers.authorization === authorization()) void forward(registry, request, response);
        else answer(response, 401, JSON.stringify({ error_code: 401, message: "who are you?" }));
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("a server on TCP has no port");
    return new RegistryGate(`https://127.0.0.1:${address.port}${new URL(registry).pathname}`, server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

const forward = async (
  registry: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const answered = await fetch(new URL(request.url ?? "/", registry), {
    method: request.method ?? "GET",
    headers: { "content-type": request.headers["content-type"] ?? "application/json" },
    ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
  });
  answer(response, answered.status, await answered.text());
};

const answer = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { "content-type": "application/vnd.schemaregistry.v1+json" });
  response.end(text);
};
