import { createServer, type Server } from "node:http";
import type { DemandApp } from "./demand-app.ts";
import { prometheusText } from "./prometheus-text.ts";

/** `/healthz`: the process works. `/readyz`: it is assigned, restored, and processing. `/metrics`: Prometheus text. */
export const startHealthServer = async (
  { app, counters }: DemandApp,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> => {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
      response.end(`${text}\n`);
    };
    const { restoring } = app.tasks;
    const ready = app.state === "running" && restoring.length === 0;
    if (request.url === "/healthz") answer(app.state === "error" ? 503 : 200, app.state);
    else if (request.url === "/readyz")
      answer(ready ? 200 : 503, ready ? "ready" : `${app.state}, restoring ${restoring.length}`);
    else if (request.url === "/metrics") answer(200, prometheusText(app, counters));
    else answer(404, "there is /healthz, /readyz and /metrics");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return server;
};
