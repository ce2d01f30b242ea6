import type { Server } from "node:http";
import { startHealthServer } from "./health-server.ts";
import { ServiceMetrics } from "./metrics/service-metrics.ts";
import type { Service } from "./service.ts";
import type { HttpSettings } from "./settings/service-settings.ts";

/** What is served, and where. */
export interface ServeOptions {
  /** `application` of what the process has but once: its memory, its event loop. */
  readonly name: string;
  readonly version: string;
  readonly http: HttpSettings;
  /** Undefined while it starts. */
  readonly service: () => Service | undefined;
}

/**
 * Serves a service's health, metrics, status, topology and stores over HTTP, as `runProgram` does; close the server when the
 * service has stopped. Rejects with a MillraceError `CONFIG` that names `HTTP_PORT` where it can't listen.
 */
export const serveService = ({ name, version, http, service }: ServeOptions): Promise<Server> => {
  const metrics = new ServiceMetrics({
    process: name,
    version,
    applications: () => service()?.applications ?? [],
  });
  return startHealthServer({ ...http, version, metrics, service });
};
