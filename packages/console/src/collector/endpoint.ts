import type { ApplicationStatus, DecisionsAnswer, StatusAnswer, TopologyAnswer } from "@millrace/service";
import type { DecisionView } from "../protocol/venue-view.ts";
import type { ProcessView } from "../protocol/console-state.ts";
import { CounterRates } from "./counter-rates.ts";
import { getJson, getText } from "./http-get.ts";
import { parsePrometheus, type PrometheusSample } from "./prometheus-text.ts";
import { seriesKey } from "./series-key.ts";

/** A topology is asked for again after so long: another version of the application may have started. */
const topologyAgeMs = 15_000;
const mostDecisions = 2_000;

/** One process that runs applications, asked over its HTTP endpoint, and what it said last. */
export class Endpoint {
  /** Without a slash at the end. */
  readonly url: string;
  /** Why it can't be reached; undefined before it was asked, and where it answered. */
  problem: string | undefined;
  process: ProcessView | undefined;
  /** As of the last answer, which may be a while ago. */
  applications: readonly ApplicationStatus[] = [];
  topologies: TopologyAnswer["applications"] = [];
  samples: readonly PrometheusSample[] = [];
  readonly rates: CounterRates = new CounterRates();
  readonly #decisions = new Map<string, DecisionView>();
  #decidedAfter = 0;
  #topologyAt = -Infinity;

  constructor(url: string) {
    this.url = url.replace(/\/+$/, "");
  }

  /** Asks how it is. Never rejects: what is in the way is its `problem`. */
  async look(now: number): Promise<void> {
    try {
      const [status, metrics] = await Promise.all([
        getJson<StatusAnswer>(`${this.url}/status`),
        getText(`${this.url}/metrics`),
      ]);
      this.#isAnother(status);
      if (now - this.#topologyAt > topologyAgeMs || this.topologies.length < status.applications.length) {
        this.topologies = (await getJson<TopologyAnswer>(`${this.url}/topology`)).applications;
        this.#topologyAt = now;
      }
      this.applications = status.applications;
      this.samples = parsePrometheus(metrics, "millrace_");
      this.rates.add(now, new Map(this.samples.map((sample) => [seriesKey(sample), sample.value])));
      this.problem = undefined;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      this.rates.clear();
    }
  }

  /** What its applications decided since this console looks. Rejects where it does not say. */
  async decisions(): Promise<readonly DecisionView[]> {
    const answer = await getJson<DecisionsAnswer>(`${this.url}/decisions?after=${this.#decidedAfter}`);
    for (const { application, decisions } of answer.applications)
      for (const { sequence, about, at, message, fields } of decisions) {
        this.#decidedAfter = Math.max(this.#decidedAfter, sequence);
        const key = `${application} ${about}`;
        this.#decisions.delete(key);
        this.#decisions.set(key, { application, at, message, fields });
      }
    for (const oldest of this.#decisions.keys()) {
      if (this.#decisions.size <= mostDecisions) break;
      this.#decisions.delete(oldest);
    }
    return [...this.#decisions.values()];
  }

  /** A process that began anew counts, and numbers its decisions, from the beginning. */
  #isAnother({ process: { host, pid, startedAt }, version }: StatusAnswer): void {
    if (this.process?.startedAt !== startedAt || this.process.pid !== pid) {
      this.rates.clear();
      this.#decidedAfter = 0;
      this.#decisions.clear();
      this.#topologyAt = -Infinity;
    }
    this.process = { host, pid, startedAt, version };
  }
}
