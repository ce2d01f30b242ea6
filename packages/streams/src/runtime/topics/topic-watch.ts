import { MillraceError, messageOf } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import type { AppSettings } from "../app/app-options.ts";
import { comparePlan } from "./compare-plan.ts";
import { givenTopics } from "./given-topics.ts";
import type { TopicPlan } from "./plan.ts";

export interface TopicWatchListener {
  /** Partitions were added, or topics made anew, and nothing forbids to go on with them. */
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
    const { transport, clock, log, onTopicRecreated } = this.#settings;
    const given = givenTopics(this.#topology, this.#settings);
    const internal = this.#plan.internal.map(({ topic }) => topic);
    try {
      for (let left = looks; !this.#closed; left--) {
        const found = await transport.describeTopics([...given, ...internal]);
        const missing = [...given, ...internal].filter((name) => !found.has(name));
        if (missing.length > 0 && left > 1) {
          await new Promise<void>((resolve) => void clock.setTimeout(resolve, betweenLooksMs));
          continue;
        }
        this.#tell(
          comparePlan(this.#topology, this.#settings.applicationId, this.#plan, found, onTopicRecreated),
        );
        return;
      }
    } catch (error) {
      if (error instanceof MillraceError) this.#tell(error);
      // Brokers that do not answer are told of elsewhere, and asked again when it is time.
      else log("debug", `could not look at the topics: ${messageOf(error)}`);
    }
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
