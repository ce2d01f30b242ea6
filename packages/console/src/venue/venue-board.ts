import type { Endpoint } from "../collector/endpoint.ts";
import type { DecisionView, VenueView } from "../protocol/venue-view.ts";
import type { DemandHours } from "./demand-hours.ts";

const mostShown = 600;

/** The venue's hours from their topic, and what was decided on them, from those who decided. */
export class VenueBoard {
  readonly #hours: DemandHours | undefined;
  readonly #endpoints: readonly Endpoint[];

  constructor(hours: DemandHours | undefined, endpoints: readonly Endpoint[]) {
    this.#hours = hours;
    this.#endpoints = endpoints;
  }

  /** How they stand now. */
  async look(): Promise<VenueView> {
    const problems: string[] = [];
    const told = <T>(reading: Promise<T>): Promise<T | undefined> =>
      reading.catch((error: unknown) => {
        problems.push(error instanceof Error ? error.message : String(error));
        return undefined;
      });
    const reachable = this.#endpoints.filter(({ problem }) => problem === undefined);
    const [hours, ...decided] = await Promise.all([
      told(this.#hours?.look() ?? Promise.resolve(undefined)),
      ...reachable.map((endpoint) => told(endpoint.decisions())),
    ]);
    const unreadable = this.#hours?.unreadable ?? 0;
    if (unreadable > 0)
      problems.push(`${unreadable} records of ${this.#hours?.topic} can't be read as hours`);
    return {
      topic: hours === undefined ? undefined : this.#hours?.topic,
      problem: problems.length === 0 ? undefined : problems.join("; "),
      hours: hours ?? [],
      decisions: decided
        .flatMap((decisions): readonly DecisionView[] => decisions ?? [])
        .toSorted((a, b) => b.at - a.at)
        .slice(0, mostShown),
    };
  }

  async rest(): Promise<void> {
    await this.#hours?.rest();
  }
}
