import type { IncomingMessage } from "node:http";
import { MillraceError } from "@millrace/streams";
import { decisionsAnswer } from "./decisions-answer.ts";
import { isLoopback } from "./loopback.ts";
import type { ServiceMetrics } from "./metrics/service-metrics.ts";
import { unreadyService } from "./readiness.ts";
import type { Service } from "./service.ts";
import { statusAnswer } from "./status-answer.ts";
import { rowsAnswer } from "./stores/rows-answer.ts";
import { storesAnswer } from "./stores/stores-answer.ts";
import { topologyAnswer } from "./topology-answer.ts";

export interface ServiceAnswersOptions {
  /** Where it listens. */
  readonly host: string;
  /** Whether rows of stores, and decisions, can be read: they may be nobody else's business. */
  readonly stores: boolean;
  /** Of the service; for `/status`. */
  readonly version: string;
  readonly metrics: ServiceMetrics;
  /** Undefined while it starts. */
  readonly service: () => Service | undefined;
}

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type: string;
}

/**
 * `/healthz`: the process works. `/readyz`: it is assigned, restored, processing, and reaches all it needs.
 * `/metrics`: Prometheus text. JSON for the console and for scripts: `/topology` (`TopologyAnswer`), `/status`
 * (`StatusAnswer`), `/stores` (`StoresAnswer`), `/stores/<application>/<store>` (`RowsAnswer`) and `/decisions`
 * (`DecisionsAnswer`). Nothing that is asked here changes anything.
 */
export const serviceAnswers = ({
  host,
  stores,
  version,
  metrics,
  service,
}: ServiceAnswersOptions): ((request: IncomingMessage) => Promise<Answer>) => {
  const open: Readonly<Record<string, () => Promise<Answer> | Answer>> = {
    "/healthz": () => {
      const states = service()?.applications.map(({ app }): string => app.state) ?? ["starting"];
      return plain(states.includes("error") ? 503 : 200, states.join(", "));
    },
    "/readyz": () => {
      const troubles = unreadyService(service());
      return troubles.length === 0 ? plain(200, "ready") : plain(503, troubles.join("; "));
    },
    "/metrics": async () => ({ status: 200, text: await metrics.text(), type: metrics.contentType }),
    "/topology": () => json(topologyAnswer(service())),
    "/status": () => json(statusAnswer(service(), version)),
    "/stores": () => json(storesAnswer(service())),
  };
  const answerTo = ({ method = "GET", url = "/", headers }: IncomingMessage): Promise<Answer> | Answer => {
    const asked = URL.parse(url, "http://service");
    if (asked === null) return plain(400, `"${url}" is no path`);
    const { pathname, searchParams } = asked;
    const opened = open[pathname];
    const place = storeOfPath(pathname);
    if (opened === undefined && place === undefined && pathname !== "/decisions")
      return plain(
        404,
        `there is ${Object.keys(open).join(", ")}, /stores/<application>/<store>, /decisions`,
      );
    if (method !== "GET" && method !== "HEAD") return plain(405, "only GET and HEAD");
    if (opened !== undefined) return opened();
    if (!stores) return plain(403, "what an application knows is not shown here: HTTP_STORES=true shows it");
    // A page from anywhere whose host name was made to lead here would be answered like one of this machine.
    if (isLoopback(host) && !isLocal(headers.host))
      return plain(403, `what an application knows is for this machine, which is not "${headers.host}"`);
    return place === undefined
      ? json(decisionsAnswer(service(), searchParams))
      : jsonText(rowsAnswer(service(), place, searchParams));
  };
  return async (request) => {
    try {
      return await answerTo(request);
    } catch (error) {
      return failed(error);
    }
  };
};

const plain = (status: number, line: string): Answer => ({
  status,
  text: `${line}\n`,
  type: "text/plain; charset=utf-8",
});

const json = (value: unknown): Answer => jsonText(`${JSON.stringify(value)}\n`);

const jsonText = (text: string): Answer => ({ status: 200, text, type: "application/json; charset=utf-8" });

/** The application and the store of `/stores/<application>/<store>`. */
const storeOfPath = (path: string): readonly [application: string, store: string] | undefined => {
  const [, application, store] = /^\/stores\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  return application === undefined || store === undefined
    ? undefined
    : [decodeURIComponent(application), decodeURIComponent(store)];
};

const isLocal = (header: string | undefined): boolean => {
  const url = URL.parse(`http://${header ?? ""}`);
  return url !== null && isLoopback(url.hostname);
};

/** What was asked wrongly, what is not there, what is with another process, and what may be there in a moment. */
const statuses: Readonly<Record<string, number>> = {
  BAD_QUERY: 400,
  APPLICATION_UNKNOWN: 404,
  STORE_UNKNOWN: 404,
  STORE_ELSEWHERE: 421,
  STORE_NOT_OPEN: 503,
  STORE_RESTORING: 503,
};

const failed = (error: unknown): Answer => {
  if (error instanceof MillraceError) return plain(statuses[error.code] ?? 500, error.message);
  return error instanceof URIError ? plain(400, error.message) : plain(500, String(error));
};
