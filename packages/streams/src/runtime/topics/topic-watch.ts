import { MillraceError, messageOf } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { startSerdes } from "./start-serdes.ts";
import { comparePlan, type PlannedChange } from "./compare-plan.ts";
import { givenTopics } from "./given-topics.ts";
import { matchTopics } from "./match-topics.ts";
import type { TopicPlan } from "./plan.ts";
import { prepareInternalTopics } from "./prepare-internal-topics.ts";

export interface TopicWatchListener {
  /** Partitions were added, topics that patterns match have come or gone, or topics were made anew, and nothing forbids to go on with them. */
  changed(plan: TopicPlan): void;
  /** The application can't go on with the topics as they are. Told once; the watch has ended. */
  failed(error: MillraceError): void;
}

/** A broker that has just started may not know all topics yet: what is missing is looked for so often, so far apart. */
const looks = 3;
const betweenLooksMs = 2_000;

/** Looks at an application's topics again from time to time (`metadata.max.age.ms`), and when there is a doubt. */
export class TopicWatch {
  readonly #topology: Topology;
  readonly #settings: AppSettings;
  readonly #listener: TopicWatchListener;
  #plan: TopicPlan;
  #timer: unknown;
  #looking: Promise<void> | undefined;
  #closed = false;

  constructor(topology: Topology, settings: AppSettings, plan: TopicPlan, listener: TopicWatchListener) {
    this.#topology = topology;
    this.#settings = settings;
    this.#plan = plan;
    this.#listener = listener;
  }

  start(): void {
    if (this.#closed) return;
    const { clock, metadataMaxAgeMs } = this.#settings;
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setTimeout(() => {
      void this.look().then(() => this.start());
    }, metadataMaxAgeMs);
  }

  /** Looks now; one look at a time. Resolves when the listener knows; never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  close(): void {
    this.#closed = true;
    this.#settings.clock.clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { transport, clock, log, onTopicRecreated, applicationId } = this.#settings;
    const given = givenTopics(this.#topology, this.#settings);
    const internal = this.#plan.internal.map(({ topic }) => topic);
    try {
      for (let left = looks; !this.#closed; left--) {
        const listed = await matchTopics(this.#topology, this.#settings);
        const topics = await transport.describeTopics([...given, ...internal, ...listed]);
        const expected = [...given, ...internal, ...this.#plan.matched];
        if (expected.some((name) => !topics.has(name)) && left > 1) {
          await new Promise<void>((resolve) => void clock.setTimeout(resolve, betweenLooksMs));
          continue;
        }
        const found = { topics, matched: listed.filter((name) => topics.has(name)) };
        const outcome = comparePlan(this.#topology, applicationId, this.#plan, found, onTopicRecreated);
        this.#tell(
          outcome === undefined || outcome instanceof MillraceError ? outcome : await this.#prepared(outcome),
        );
        return;
      }
    } catch (error) {
      if (error instanceof MillraceError && !error.retriable) this.#tell(error);
      // Brokers that do not answer are told of elsewhere; they, and registries, are asked again when it is time.
      else
        log(
          error instanceof MillraceError ? "warn" : "debug",
          `could not look at the topics: ${messageOf(error)}`,
        );
    }
  }

  /** The new plan, when all is there that is needed before records of new topics are read. */
  async #prepared({ planned, topicIds, missing }: PlannedChange): Promise<TopicPlan> {
    const { matched, fresh } = this.#plan;
    const made = await prepareInternalTopics(this.#topology, planned, missing, this.#settings);
    const known = new Set([...matched, ...this.#plan.internal.map(({ topic }) => topic)]);
    const come = new Set([...planned.matched, ...made.topicIds.keys()].filter((topic) => !known.has(topic)));
    await startSerdes(this.#topology, this.#settings.applicationId, planned.matched, (topic) =>
      come.has(topic),
    );
    return {
      ...planned,
      topicIds: new Map([...topicIds, ...made.topicIds]),
      fresh: new Set([...fresh, ...made.fresh, ...planned.matched.filter((topic) => come.has(topic))]),
    };
  }

  #tell(outcome: TopicPlan | MillraceError | undefined): void {
    if (this.#closed || outcome === undefined) return;
    if (outcome instanceof MillraceError) {
      this.close();
      this.#listener.failed(outcome);
      return;
    }
    this.#plan = outcome;
    this.#listener.changed(outcome);
  }
}
