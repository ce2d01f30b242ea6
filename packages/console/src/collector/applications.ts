import type { TopologyGraph } from "@millrace/streams";
import type { ApplicationView, ConsoleState, KafkaView } from "../protocol/console-state.ts";
import type { GraphView } from "../protocol/graph-view.ts";
import { graphLayout } from "../graph/graph-layout.ts";
import { applicationView } from "./application-view.ts";
import type { Endpoint } from "./endpoint.ts";
import { MemberSample } from "./member-sample.ts";
import { RecentValues } from "./recent-values.ts";

interface Known {
  readonly graph: TopologyGraph;
  readonly describe: string;
  readonly view: GraphView;
  readonly processed: RecentValues;
  readonly lag: RecentValues;
}

/** The applications that the endpoints run, or have run since the console began. */
export class Applications {
  readonly #endpoints: readonly Endpoint[];
  readonly #kafka: () => KafkaView;
  readonly #known = new Map<string, Known>();

  constructor(endpoints: readonly Endpoint[], kafka: () => KafkaView) {
    this.#endpoints = endpoints;
    this.#kafka = kafka;
  }

  /** Asks every endpoint, and answers how everything is. */
  async look(): Promise<ConsoleState> {
    const at = Date.now();
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.look(at)));
    this.#learn();
    return {
      at,
      kafka: this.#kafka(),
      sources: this.#endpoints.map(({ url, problem, process, applications }) => ({
        url,
        problem,
        process,
        applications: applications.map(({ application }) => application),
      })),
      applications: [...this.#known].map(([id, known]) => this.#view(id, known)),
    };
  }

  /** The topologies, drawn. */
  get graphs(): readonly GraphView[] {
    return [...this.#known.values()].map(({ view }) => view);
  }

  isKnown(application: string): boolean {
    return this.#known.has(application);
  }

  /** Addresses of the processes that run an application, and answer. */
  urlsOf(application: string): readonly string[] {
    return this.#endpoints
      .filter(
        ({ problem, applications }) =>
          problem === undefined && applications.some((status) => status.application === application),
      )
      .map(({ url }) => url);
  }

  /** Where applications say that their dead letters go. */
  get deadLetterTopics(): readonly string[] {
    return this.#endpoints.flatMap(({ applications }) =>
      applications.map(({ deadLetterTopic }) => deadLetterTopic),
    );
  }

  #learn(): void {
    for (const { topologies } of this.#endpoints)
      for (const { application, describe, graph } of topologies) {
        const known = this.#known.get(application);
        if (known?.describe === describe) continue;
        this.#known.set(application, {
          graph,
          describe,
          view: graphLayout(application, describe, graph),
          processed: known?.processed ?? new RecentValues(),
          lag: known?.lag ?? new RecentValues(),
        });
      }
  }

  #view(id: string, { graph, processed, lag }: Known): ApplicationView {
    const view = applicationView(id, graph, this.#members(id));
    processed.add(view.processed);
    lag.add(view.lag);
    return { ...view, recent: { processed: processed.values, lag: lag.values } };
  }

  #members(id: string): readonly MemberSample[] {
    return this.#endpoints.flatMap(({ url, problem, process, applications, samples, rates }) => {
      const status = applications.find(({ application }) => application === id);
      return problem !== undefined || process === undefined || status === undefined
        ? []
        : [new MemberSample(url, process, status, samples, rates)];
    });
  }
}
