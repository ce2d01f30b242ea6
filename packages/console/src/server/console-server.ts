import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { MillraceError } from "@millrace/streams";
import type { AllowedHosts } from "./allowed-hosts.ts";
import { pageAssets } from "./page-assets.ts";
import { RequestError } from "./request-error.ts";
import { securityHeaders } from "./security-headers.ts";

/** Answers a request of the page's; the value becomes JSON. Throws a RequestError. */
export type Route = (request: IncomingMessage, url: URL) => Promise<unknown>;

/** What a console's server answers with. */
export interface ConsoleServerOptions {
  readonly host: string;
  readonly port: number;
  readonly hosts: AllowedHosts;
  /** By method and path: "GET /api/stores". */
  readonly routes: ReadonlyMap<string, Route>;
  readonly onEvents: (response: ServerResponse) => void;
}

/** Listens, and serves the page, its events and its routes. Rejects with a MillraceError `CONFIG` where it can't listen. */
export const startConsoleServer = async (options: ConsoleServerOptions): Promise<Server> => {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    respond(options, request, response).catch((error: unknown) => refuse(response, error));
  });
  const { host, port } = options;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    throw new MillraceError(
      `the console can't listen at ${host}:${port} (${error instanceof Error ? error.message : String(error)}): take another port`,
      { code: "CONFIG", cause: error },
    );
  }
  return server;
};

const respond = async (
  { hosts, routes, onEvents }: ConsoleServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { method = "GET", url: target = "/", headers } = request;
  if (!hosts.includes(headers.host))
    throw new RequestError(
      421,
      `this console does not answer to the name "${headers.host ?? ""}": --allowed-host adds names`,
    );
  const url = URL.parse(target, "http://console");
  if (url === null) throw new RequestError(400, `"${target}" is no path`);
  const read = method === "GET" || method === "HEAD";
  if (!read && !hosts.isOwn(headers.origin, headers.host))
    throw new RequestError(403, "a page of another origin may not ask for this");
  if (method === "GET" && url.pathname === "/events") return onEvents(response);
  const route = routes.get(`${method} ${url.pathname}`);
  if (route !== undefined) return answer(response, await route(request, url));
  if (!read) throw new RequestError(405, `there is no ${method} ${url.pathname}`);
  const name = url.pathname === "/" ? "index.html" : url.pathname.slice(1);
  const asset = (await pageAssets()).get(name);
  if (asset === undefined) throw new RequestError(404, `there is no ${url.pathname}`);
  response.writeHead(200, { "content-type": asset.type, "cache-control": "no-cache" });
  response.end(method === "HEAD" ? undefined : asset.body);
};

const answer = (response: ServerResponse, value: unknown): void => {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
};

const refuse = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent) return void response.destroy();
  const status = error instanceof RequestError ? error.status : statusOf(error);
  const message = error instanceof Error ? error.message : String(error);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify({ error: message }));
};

/** What was asked for and is not there, what can't be done now, and what is out of reach behind the console. */
const statuses: Readonly<Record<string, number>> = {
  USAGE: 400,
  MISSING_DEAD_LETTER: 404,
  MISSING_TOPIC: 404,
  MEMBERS_LIVE: 409,
};

const statusOf = (error: unknown): number =>
  error instanceof MillraceError ? (statuses[error.code] ?? 502) : 502;
