import type { SchemaRegistryOptions } from "@millrace/avro";
import type { Transport } from "@millrace/streams";
import { Applications } from "./collector/applications.ts";
import { Endpoint } from "./collector/endpoint.ts";
import { Feed, type FeedPart } from "./collector/feed.ts";
import { KafkaLink } from "./kafka/kafka-link.ts";
import { LetterBoard } from "./letters/letter-board.ts";
import { ResetDesk } from "./reset/reset-desk.ts";
import { AccessToken } from "./server/access-token.ts";
import { AllowedHosts } from "./server/allowed-hosts.ts";
import { consoleRoutes } from "./server/console-routes.ts";
import { startConsoleServer } from "./server/console-server.ts";
import { streamEvents } from "./server/event-stream.ts";
import { DemandHours } from "./venue/demand-hours.ts";
import { VenueBoard } from "./venue/venue-board.ts";

/** What a console looks at, and where it can be looked at. */
export interface ConsoleOptions {
  /** Endpoints of processes that run applications, `http://host:port` (their `HTTP_HOST` and `HTTP_PORT`). */
  readonly applications: readonly string[];
  /** For dead letters, resets and the venue's hours; undefined: none of them. It is connected and closed by the console. */
  readonly kafka?: { readonly address: string; readonly transport: Transport } | undefined;
  /** For what is written in Avro; undefined: it is shown as bytes. */
  readonly registry?: SchemaRegistryOptions | undefined;
  /** Dead-letter topics, beside those that applications tell of and those whose names end in `.dead-letter`. */
  readonly deadLetterTopics?: readonly string[];
  /** The venue's demand topic (`KAFKA_TOPIC_DEMAND_HOURLY`), shown where it exists. */
  readonly demandTopic?: string | undefined;
  /** Where it listens; this machine alone, unless told otherwise. */
  readonly host?: string;
  /** 0: any that is free. 8085 by default. */
  readonly port?: number;
  /** Names by which it is reached beside that of its host, a proxy's for example. */
  readonly allowedHosts?: readonly string[];
  /** What replay and reset ask for, 16 characters or more; one by chance where it is left out. */
  readonly token?: string | undefined;
}

/** A console that runs. */
export interface Console {
  readonly url: string;
  /** What replay and reset ask for. */
  readonly token: string;
  /** Whether it asks anybody anything at the moment: only while somebody looks at it. */
  readonly isLooking: boolean;
  close(): Promise<void>;
}

/**
 * Serves the console's page, over applications and Kafka. Asks nobody anything while nobody looks at it. Rejects with a
 * MillraceError `CONFIG` where it can't listen.
 */
export const startConsole = async (options: ConsoleOptions): Promise<Console> => {
  const { host = "127.0.0.1", port = 8085, registry } = options;
  const token = new AccessToken(options.token);
  const kafka = new KafkaLink(options.kafka);
  const endpoints = [...new Set(options.applications)].map((url) => new Endpoint(url));
  const applications = new Applications(endpoints, () => kafka.view);
  const letters = new LetterBoard({
    kafka,
    registry,
    topics: options.deadLetterTopics ?? [],
    toldTopics: () => applications.deadLetterTopics,
  });
  const hours =
    registry === undefined || options.kafka === undefined
      ? undefined
      : new DemandHours({ kafka, registry, topic: options.demandTopic ?? "venue.demand.hourly" });
  const venue = new VenueBoard(hours, endpoints);
  const parts: readonly FeedPart[] = [
    { name: "state", everyMs: 1_000, look: () => applications.look() },
    { name: "graphs", everyMs: 1_000, look: () => Promise.resolve(applications.graphs) },
    { name: "letters", everyMs: 3_000, look: () => letters.look() },
    { name: "venue", everyMs: 2_000, look: () => venue.look(), rest: () => venue.rest() },
  ];
  const feed = new Feed(parts);
  const resets = new ResetDesk(kafka, (id) => applications.isKnown(id));
  const server = await startConsoleServer({
    host,
    port,
    hosts: new AllowedHosts(host, options.allowedHosts),
    routes: consoleRoutes({ token, applications, letters, resets }),
    onEvents: (response) => streamEvents(feed, response),
  });
  const address = server.address();
  const listening = address !== null && typeof address === "object" ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${listening}/`,
    token: token.text,
    get isLooking() {
      return feed.isLooking;
    },
    close: async () => {
      feed.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await venue.rest();
      await kafka.close();
    },
  };
};
