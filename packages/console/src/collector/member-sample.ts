import type { ApplicationStatus } from "@millrace/service";
import type { ProcessView } from "../protocol/console-state.ts";
import type { CounterRates } from "./counter-rates.ts";
import type { PrometheusSample } from "./prometheus-text.ts";
import { seriesKey } from "./series-key.ts";

/** What one process said last of one application. */
export class MemberSample {
  /** Of its endpoint. */
  readonly url: string;
  readonly process: ProcessView;
  readonly status: ApplicationStatus;
  readonly #samples: ReadonlyMap<string, readonly PrometheusSample[]>;
  readonly #rates: CounterRates;

  constructor(
    url: string,
    process: ProcessView,
    status: ApplicationStatus,
    samples: readonly PrometheusSample[],
    rates: CounterRates,
  ) {
    this.url = url;
    this.process = process;
    this.status = status;
    this.#samples = Map.groupBy(
      samples.filter(({ labels }) => labels["application"] === status.application),
      ({ name }) => name,
    );
    this.#rates = rates;
  }

  /** Samples of a metric, whose name comes without `millrace_`. */
  samples(metric: string): readonly PrometheusSample[] {
    return this.#samples.get(`millrace_${metric}`) ?? [];
  }

  /** How fast each sample of a counter grows, a second. */
  rates(metric: string): readonly PrometheusSample[] {
    return this.samples(metric).map((sample) => ({ ...sample, value: this.#rates.rate(seriesKey(sample)) }));
  }
}
