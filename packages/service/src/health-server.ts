import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { MillraceError } from "@millrace/streams";
import type { ServiceMetrics } from "./metrics/service-metrics.ts";
import { unreadyService } from "./readiness.ts";
import type { Service } from "./service.ts";
import { statusAnswer } from "./status-answer.ts";
import { topologyAnswer } from "./topology-answer.ts";

export interface HealthServerOptions {
  readonly host: string;
  readonly port: number;
  /** Of the service; for `/status`. */
  readonly version: string;
  readonly metrics: ServiceMetrics;
  /** Undefined while it starts. */
  readonly service: () => Service | undefined;
}

/**
 * `/healthz`: the process works. `/readyz`: it is assigned, restored, processing, and reaches all it needs.
 * `/metrics`: Prometheus text. `/topology` and `/status`: JSON (`TopologyAnswer`, `StatusAnswer`) for the console and for
 * scripts. Rejects with a MillraceError `CONFIG` that names `HTTP_PORT` where it can't listen.
 */
export const startHealthServer = async ({
  host,
  port,
  version,
  metrics,
  service,
}: HealthServerOptions): Promise<Server> => {
  const answers: Readonly<Record<string, () => Promise<Answer> | Answer>> = {
    "/healthz": () => {
      const states = service()?.applications.map(({ app }): string => app.state) ?? ["starting"];
      return { status: states.includes("error") ? 503 : 200, text: `${states.join(", ")}\n` };
    },
    "/readyz": () => {
      const troubles = unreadyService(service());
      return troubles.length === 0
        ? { status: 200, text: "ready\n" }
        : { status: 503, text: `${troubles.join("; ")}\n` };
    },
    "/metrics": async () => ({ status: 200, text: await metrics.text(), type: metrics.contentType }),
    "/topology": () => json(topologyAnswer(service())),
    "/status": () => json(statusAnswer(service(), version)),
  };
  const answerTo = async (method: string, target: string): Promise<Answer> => {
    const answer = answers[target.split("?", 1)[0] ?? ""];
    if (answer === undefined) return { status: 404, text: `there is ${Object.keys(answers).join(", ")}\n` };
    if (method !== "GET" && method !== "HEAD") return { status: 405, text: "only GET and HEAD\n" };
    return answer();
  };
  const server = createServer((request, response) => {
    void respond(request, response);
  });
  const respond = async (
    { method = "GET", url = "/" }: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const {
      status,
      text,
      type = "text/plain; charset=utf-8",
    } = await answerTo(method, url).catch((error: unknown): Answer => ({
      status: 500,
      text: `${String(error)}\n`,
    }));
    response.writeHead(status, { "content-type": type });
    response.end(method === "HEAD" ? undefined : text);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    throw new MillraceError(`HTTP_PORT is ${port}: ${whyNot(error, host, port)}`, {
      code: "CONFIG",
      cause: error,
    });
  }
  return server;
};

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

const json = (value: unknown): Answer => ({
  status: 200,
  text: `${JSON.stringify(value)}\n`,
  type: "application/json; charset=utf-8",
});

const whyNot = (error: unknown, host: string, port: number): string => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `${host}:${port} is taken by another process; give this one another port, or end that process`;
  if (code === "EACCES") return `this user may not listen at ${host}:${port}; take a port above 1023`;
  return `it can't listen at ${host}:${port} (${String(error)}); check HTTP_HOST, which must be an address of this machine`;
};
