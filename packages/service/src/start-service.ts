import { join } from "node:path";
import { lmdbState } from "@millrace/lmdb";
import {
  type AppOptions,
  createApp,
  kafka,
  type Log,
  type Topology,
  type Transport,
} from "@millrace/streams";
import { type Component, reachAll } from "./component.ts";
import { kafkaComponent } from "./kafka-component.ts";
import { redacted } from "./redacted.ts";
import type { Service, ServiceDecision, ServiceMetric } from "./service.ts";
import { prepareServiceTopics, type ServiceTopic } from "./service-topics.ts";
import { appOptionsOf } from "./settings/app-options-of.ts";
import type { ServiceSettings } from "./settings/service-settings.ts";
import { withFields } from "./with-fields.ts";

/** A topology, and what stands around it while it runs. */
export interface ServiceOptions {
  readonly settings: ServiceSettings;
  readonly log: Log;
  /** Called when everything is reached and the topics are there, should it need any of that. */
  readonly topology: Topology | ((transport: Transport) => Topology | Promise<Topology>);
  /** Topics that others use too: checked, or created if that is asked for. */
  readonly topics?: readonly ServiceTopic[];
  /** Creates those too where they are missing; `partitions` in place of what each says. */
  readonly createTopics?: { readonly partitions?: number | undefined } | undefined;
  /** What it reaches beside Kafka. */
  readonly components?: readonly Component[];
  /** In place of the one that the settings name. */
  readonly transport?: Transport | undefined;
  readonly handlers?: AppOptions["handlers"];
  /** "continue" for a topology to which records may come twice. */
  readonly onStateWithoutOffsets?: AppOptions["onStateWithoutOffsets"];
  /** Beside the runtime's metrics. */
  readonly metrics?: () => readonly ServiceMetric[];
  /** Why it can't work at the moment, beside the application's own state; empty when it can. */
  readonly troubles?: () => readonly string[];
  /** What it decided, where somebody may want to know why: for `/decisions`. */
  readonly decisions?: () => readonly ServiceDecision[];
  /** Codes that its dead letters can have, beside the runtime's. */
  readonly deadLetterReasons?: readonly string[];
  /** Closes what is its own, when the application has ended or could not be started. */
  readonly close?: () => Promise<unknown>;
}

/**
 * Reaches what it needs, creates the topics that are its own, and starts the topology: resolves when that is a member
 * of its group. Says so in one line first: settings without secrets, group, topics, components. Rejects with a
 * MillraceError that says what to do, within five seconds where something is out of reach.
 */
export const startService = async (options: ServiceOptions): Promise<Service> => {
  const { settings, topics = [], components = [], handlers, close, deadLetterReasons = [] } = options;
  const log = withFields(options.log, { application: settings.applicationId });
  const transport = options.transport ?? kafka({ ...settings.kafka, connectTimeoutMs: 4_000, log });
  const all = [kafkaComponent(transport, settings.kafka), ...components];
  sayStart(options, log, all);
  try {
    await reachAll(all);
    const own = [settings.deadLetter, settings.late].filter((name) => name !== undefined);
    const broker = settings.kafka.brokers[0];
    await prepareServiceTopics(transport, { shared: topics, own, broker, create: options.createTopics });
    const topology =
      typeof options.topology === "function" ? await options.topology(transport) : options.topology;
    const state =
      settings.stateDir === undefined
        ? undefined
        : await lmdbState({ directory: join(settings.stateDir, settings.applicationId), log });
    const app = createApp(topology, {
      ...appOptionsOf(settings),
      transport,
      log,
      ...(state && { state }),
      ...(handlers && { handlers }),
      ...(options.onStateWithoutOffsets && { onStateWithoutOffsets: options.onStateWithoutOffsets }),
    });
    await app.start();
    const stop: Service["stop"] = async (how) => {
      await app.stop(how);
      await close?.();
    };
    let stopping: Promise<void> | undefined;
    return {
      applications: [
        {
          app,
          deadLetterReasons,
          deadLetterTopic: settings.deadLetter,
          get decisions() {
            return options.decisions?.() ?? [];
          },
          get metrics() {
            return options.metrics?.() ?? [];
          },
          get troubles() {
            return options.troubles?.() ?? [];
          },
        },
      ],
      stop: (how) => {
        stopping ??= stop(how);
        return stopping;
      },
      done: () => app.done(),
    };
  } catch (error) {
    await transport.close().catch(() => undefined);
    await close?.();
    throw error;
  }
};

const sayStart = (
  { settings, topics = [], topology }: ServiceOptions,
  log: Log,
  components: readonly Component[],
): void => {
  const { applicationId, deadLetter, late } = settings;
  const named = typeof topology === "function" ? topics.map(({ name }) => name) : topicsOf(topology, topics);
  log("info", `starting ${applicationId}`, {
    group: applicationId,
    topics: [...named, deadLetter, late].filter((name) => name !== undefined),
    components: Object.fromEntries(components.map(({ name, address }) => [name, redacted(address)])),
    settings: redacted(settings),
  });
};

const topicsOf = (topology: Topology, topics: readonly ServiceTopic[]): readonly string[] => {
  const read = topology.subTopologies.flatMap(({ sources }) =>
    sources.flatMap(({ role }) => (role.type === "source" ? role.topics.map(({ name }) => name) : [])),
  );
  return [...new Set([...read, ...topics.map(({ name }) => name)])];
};
