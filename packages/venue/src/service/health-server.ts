import { createServer, type Server } from "node:http";
import { prometheusText } from "./prometheus-text.ts";
import type { Service } from "./service.ts";

/**
 * `/healthz`: the process works. `/readyz`: it is assigned, restored, processing, and reaches all it needs.
 * `/metrics`: Prometheus text.
 */
export const startHealthServer = async (
  service: Service,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> => {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
      response.end(`${text}\n`);
    };
    if (request.url === "/healthz") {
      const works = service.apps.every(({ state }) => state !== "error");
      answer(works ? 200 : 503, service.apps.map(({ state }) => state).join(", "));
    } else if (request.url === "/readyz") {
      const troubles = [...service.apps.flatMap(unready), ...service.troubles];
      answer(troubles.length === 0 ? 200 : 503, troubles.length === 0 ? "ready" : troubles.join("; "));
    } else if (request.url === "/metrics") answer(200, prometheusText(service));
    else answer(404, "there is /healthz, /readyz and /metrics");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return server;
};

const unready = ({ applicationId, state, tasks }: Service["apps"][number]): readonly string[] => {
  if (state !== "running") return [`${applicationId} is ${state}`];
  const { restoring } = tasks;
  return restoring.length > 0 ? [`${applicationId} restores ${restoring.length} tasks`] : [];
};
