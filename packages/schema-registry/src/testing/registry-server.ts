import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { RegistryState } from "../registry-state.ts";
import type { SchemaLanguage } from "../schema-language.ts";
import { answer } from "./registry-routes.ts";

/** How `startRegistryServer` listens, and whom it lets in. */
export interface RegistryServerOptions {
  /** The languages whose schemas it takes. */
  readonly languages: readonly SchemaLanguage[];
  /** Asked before each request: 200 to let it pass, or another status that it is answered with. */
  readonly permit?: (request: RegistryRequest) => number;
  /** A certificate and its key (PEM): with them it speaks HTTPS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** A port of 127.0.0.1; any free one by default. */
  readonly port?: number;
}

/** What `permit` is asked about. */
export interface RegistryRequest {
  readonly method: string;
  readonly path: string;
  /** The header of that name. */
  readonly authorization: string | undefined;
}

/** A running registry. */
export interface RegistryServer {
  readonly url: string;
  /** What it knows; to be looked at, and changed, by a test. */
  readonly state: RegistryState;
  stop(): Promise<void>;
}

/**
 * A schema registry over HTTP in this process, for tests: the part of Confluent's API that serdes use (register, look up,
 * by id, versions, levels), judging schemas as the real one does. It keeps nothing.
 */
export const startRegistryServer = async ({
  languages,
  permit = () => 200,
  tls,
  port = 0,
}: RegistryServerOptions): Promise<RegistryServer> => {
  const state = new RegistryState(languages);
  const listener: RequestListener = (request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const { method = "GET", headers } = request;
      const path = new URL(request.url ?? "/", "http://registry").pathname;
      const status = permit({ method, path, authorization: headers.authorization });
      const { code, value } =
        status === 200
          ? answer(state, method, path, body)
          : { code: status, value: { error_code: 10 * status + 1, message: "not permitted" } };
      response.writeHead(code, { "content-type": "application/vnd.schemaregistry.v1+json" });
      response.end(JSON.stringify(value));
    })();
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  server.unref();
  const scheme = tls === undefined ? "http" : "https";
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Undefined for one that is no JSON. */
const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown);
  } catch {
    // Answered as Confluent's does, by the route that misses its body.
    return undefined;
  }
};
