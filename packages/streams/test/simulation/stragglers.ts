import type { SimulatedBrokers } from "../../src/testing/simulated-cluster/broker/simulated-brokers.ts";
import type { LateArrival } from "../../src/testing/simulated-cluster/late-arrival.ts";
import type { SimulatedRecord } from "../../src/testing/simulated-cluster/broker/simulated-record.ts";

interface LateJoin {
  /** Of the process that was dead by then. */
  readonly process: string;
  /** Monotonic ms. */
  readonly at: number;
}

const none: ReadonlySet<string> = new Set();

/** Rows and results of counts end with them. */
const countBytes = 8;

/**
 * What brokers took when its sender was gone, and what real ones do with it, too, so that it is no fault of the runtime:
 * the join of a dead static member fences its next life; without transactions, an older count comes behind a newer one.
 */
export class Stragglers {
  readonly #brokers: () => SimulatedBrokers;
  readonly #atLeastOnce: boolean;
  readonly #joins: LateJoin[] = [];
  readonly #older = new Map<string, Set<string>>();
  /** Processes that were fenced so. */
  readonly fenced: string[] = [];

  constructor(brokers: () => SimulatedBrokers, guarantee: "exactly_once" | "at_least_once" = "exactly_once") {
    this.#brokers = brokers;
    this.#atLeastOnce = guarantee === "at_least_once";
  }

  readonly take = ({ process, request, wrote }: LateArrival): void => {
    if (request === "JoinGroup") this.#joins.push({ process, at: this.#brokers().clock.monotonic() });
    if (this.#atLeastOnce && wrote !== undefined) this.#look(wrote);
  };

  /**
   * Whether the member's life that began at `since` was fenced by the join of an earlier one. Each join excuses one end.
   * `isEarlier`: whether the name is that of a process of the same member that has died.
   */
  hasFenced(process: string, since: number, isEarlier: (process: string) => boolean): boolean {
    const at = this.#joins.findIndex((join) => join.at >= since && isEarlier(join.process));
    if (at < 0) return false;
    const [join] = this.#joins.splice(at, 1);
    this.fenced.push(`${process} was fenced by a join of ${join?.process} that came late`);
    return true;
  }

  /** Keys of which an older count came late behind a newer one. */
  olderIn(topic: string): ReadonlySet<string> {
    return this.#older.get(topic) ?? none;
  }

  /** The same of an output: what is restored from a changelog goes on to all of them. */
  olderFor(output: string): ReadonlySet<string> {
    const keys = new Set(this.olderIn(output));
    for (const [topic, older] of this.#older)
      if (topic.endsWith("-changelog")) for (const key of older) keys.add(key);
    return keys;
  }

  #look({ topic, partition, offset }: NonNullable<LateArrival["wrote"]>): void {
    const log = this.#brokers().topic(topic).logs[partition];
    if (log === undefined) return;
    const newest = new Map<string, bigint>();
    for (const entry of log.read(log.startOffset, false, Number.MAX_SAFE_INTEGER).entries) {
      const row = entry.record && countOf(entry.record);
      if (row === undefined) continue;
      const { key, count } = row;
      if (entry.offset >= offset && count < (newest.get(key) ?? 0n))
        this.#older.set(topic, (this.#older.get(topic) ?? new Set()).add(key));
      if (entry.offset < offset) newest.set(key, count);
    }
  }
}

const countOf = ({
  bytes,
  keyLength,
  valueLength,
}: SimulatedRecord): { readonly key: string; readonly count: bigint } | undefined =>
  keyLength < 0 || valueLength < countBytes
    ? undefined
    : {
        key: bytes.toString("utf8", 0, keyLength),
        count: bytes.readBigInt64BE(keyLength + valueLength - countBytes),
      };
