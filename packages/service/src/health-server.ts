import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { MillraceError } from "@millrace/streams";
import { serviceAnswers, type ServiceAnswersOptions } from "./service-answers.ts";

export interface HealthServerOptions extends ServiceAnswersOptions {
  readonly port: number;
}

/**
 * Serves what `serviceAnswers` has. Rejects with a MillraceError `CONFIG` that names `HTTP_PORT` where it can't listen.
 */
export const startHealthServer = async (options: HealthServerOptions): Promise<Server> => {
  const { host, port } = options;
  const answer = serviceAnswers(options);
  const server = createServer((request, response) => {
    void respond(request, response);
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, text, type } = await answer(request);
    response.writeHead(status, { "content-type": type, "x-content-type-options": "nosniff" });
    response.end(request.method === "HEAD" ? undefined : text);
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

const whyNot = (error: unknown, host: string, port: number): string => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return `${host}:${port} is taken by another process; give this one another port, or end that process`;
  if (code === "EACCES") return `this user may not listen at ${host}:${port}; take a port above 1023`;
  return `it can't listen at ${host}:${port} (${String(error)}); check HTTP_HOST, which must be an address of this machine`;
};
