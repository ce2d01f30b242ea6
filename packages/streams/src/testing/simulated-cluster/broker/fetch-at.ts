import type { FetcherOptions } from "../../../transport/fetcher.ts";
import { TransportError } from "../../../transport/transport-error.ts";
import type { SimulatedBrokers } from "./simulated-brokers.ts";
import type { LogRead, SimulatedLog } from "./simulated-log.ts";

export interface FetchQuestion {
  readonly topic: string;
  readonly partition: number;
  readonly position: number;
  /** Answered at once, also where nothing is there. */
  readonly fresh: boolean;
}

/** Of one partition: what was read, or what kept it from being read; neither where the response was full. */
export interface FetchAnswer {
  readonly read: LogRead | undefined;
  readonly error: TransportError | undefined;
  readonly leaderEpoch: number;
}

const full: FetchAnswer = { read: undefined, error: undefined, leaderEpoch: -1 };

/** What a broker does with a fetch: answers at once what is there, or waits until something comes, or `maxWaitMs`. */
export const fetchAt = (
  brokers: SimulatedBrokers,
  node: number,
  questions: readonly FetchQuestion[],
  options: Pick<FetcherOptions, "readCommitted" | "maxWaitMs" | "maxBytes" | "maxBytesPerPartition">,
): readonly FetchAnswer[] | Promise<readonly FetchAnswer[]> => {
  const logs: SimulatedLog[] = [];
  const answer = (): { readonly answers: readonly FetchAnswer[]; readonly worthwhile: boolean } => {
    let left = options.maxBytes;
    let worthwhile = false;
    const answers = questions.map(({ topic, partition, position, fresh }): FetchAnswer => {
      if (left <= 0) return full;
      try {
        brokers.hiccup(`fetching ${topic}-${partition}`);
        const log = brokers.logAt(node, topic, partition);
        logs.push(log);
        const read = log.read(position, options.readCommitted, Math.min(left, options.maxBytesPerPartition));
        left -= read.byteLength;
        if (fresh || read.nextOffset > position) worthwhile = true;
        return { read, error: undefined, leaderEpoch: brokers.topic(topic).leaderEpochs[partition] ?? -1 };
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        worthwhile = true;
        return { read: undefined, error, leaderEpoch: -1 };
      }
    });
    return { answers, worthwhile };
  };
  const first = answer();
  if (first.worthwhile) return first.answers;
  const watched = [...logs];
  return new Promise((resolve) => {
    let unwatch: (() => void)[] = [];
    const end = (): void => {
      if (unwatch.length === 0) return;
      for (const one of unwatch) one();
      unwatch = [];
      brokers.clock.clearTimeout(timer);
      resolve(answer().answers);
    };
    const timer = brokers.clock.setTimeout(end, options.maxWaitMs);
    unwatch = watched.map((log) => log.watch(end));
  });
};
