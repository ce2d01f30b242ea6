import { MillraceError, messageOf } from "../../errors.ts";
import type { Serializer } from "../../serde.ts";
import type { SinkTopic } from "../../topic.ts";
import type { RecordProducer } from "../../transport/record-producer.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { within } from "../../within.ts";

/** A topic that has just been made is not known to all brokers at once: it is looked for so often, so far apart, ms. */
const looks = 4;
const betweenLooksMs = 500;
/** A look that is not answered within this time, ms, is taken for an outage, and begun anew. */
const lookMs = 10_000;
/** What did not exist is not looked for again for this long, ms. */
const missingForMs = 5_000;

interface Found {
  readonly partitions: number;
  /** Serdes that have prepared for it. */
  readonly started: WeakSet<Serializer<never>>;
  /** When, ms of the monotonic clock. */
  at: number;
}

type FoundSettings = Pick<AppSettings, "transport" | "clock" | "log" | "metadataMaxAgeMs">;

/**
 * Sink topics that records choose, and that the topology does not name. Each is looked for when it is first needed, with
 * each producer, for a topic may have gone when a transaction was void; a look goes on through an outage, and a task that
 * waits for too long gives its tasks up as for any call.
 */
export class FoundTopics {
  readonly #settings: FoundSettings;
  readonly #current: () => RecordProducer | undefined;
  readonly #missing = new Map<string, { readonly until: number; readonly error: MillraceError }>();
  readonly #looking = new Map<string, Promise<void>>();
  #found = new Map<string, Found>();
  #producer: RecordProducer | undefined;

  /** `current`: the producer that is sent with now. */
  constructor(settings: FoundSettings, current: () => RecordProducer | undefined) {
    this.#settings = settings;
    this.#current = current;
  }

  /** Throws a MillraceError MISSING_TOPIC for what was not found. */
  partitionsOf(topic: string): number {
    const found = this.#found.get(topic);
    if (found !== undefined) return found.partitions;
    throw this.#missing.get(topic)?.error ?? missing(topic);
  }

  /** Undefined where it is known; else resolves when it is, and rejects when there is none. */
  find(topic: SinkTopic<never, never>): Promise<void> | undefined {
    const { clock, metadataMaxAgeMs } = this.#settings;
    const producer = this.#current();
    if (producer !== this.#producer) {
      this.#producer = producer;
      this.#found = new Map();
      this.#looking.clear();
    }
    const { name } = topic;
    const found = this.#found.get(name);
    if (found === undefined || !isPrepared(topic, found.started)) return this.#look(topic, producer);
    if (clock.monotonic() - found.at > metadataMaxAgeMs) {
      // It may have got more partitions; records go on meanwhile.
      found.at = clock.monotonic();
      this.#look(topic, producer).catch(() => this.#found.delete(name));
    }
    return undefined;
  }

  #look(topic: SinkTopic<never, never>, producer: RecordProducer | undefined): Promise<void> {
    const { name } = topic;
    const known = this.#missing.get(name);
    if (known !== undefined && known.until > this.#settings.clock.monotonic())
      return Promise.reject(known.error);
    const under = this.#looking.get(name);
    if (under !== undefined) return under.then(() => this.find(topic));
    const looking = this.#lookUntilAnswered(topic, producer).finally(() => {
      if (this.#looking.get(name) === looking) this.#looking.delete(name);
    });
    this.#looking.set(name, looking);
    return looking;
  }

  async #lookUntilAnswered(
    topic: SinkTopic<never, never>,
    producer: RecordProducer | undefined,
  ): Promise<void> {
    const { clock, log } = this.#settings;
    for (let left = looks; ;) {
      // Who waited has begun anew, too.
      if (producer !== this.#current()) throw missing(topic.name);
      try {
        if (await within(clock, this.#lookOnce(topic, producer), lookMs, `"${topic.name}"`)) return;
        if (--left === 0) throw this.#isMissing(topic.name, undefined);
      } catch (error) {
        if (error instanceof MillraceError && error.code === "MISSING_TOPIC") throw error;
        if (!(error instanceof TransportError) || !error.retriable) throw this.#isMissing(topic.name, error);
        log("debug", `could not look for the topic "${topic.name}", trying again: ${messageOf(error)}`);
      }
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, betweenLooksMs));
    }
  }

  /** Whether it is there. */
  async #lookOnce(
    { name, key, value }: SinkTopic<never, never>,
    producer: RecordProducer | undefined,
  ): Promise<boolean> {
    const { transport, clock } = this.#settings;
    const described = (await transport.describeTopics([name])).get(name);
    if (described === undefined) return false;
    await producer?.prepareTopics([name]);
    await key.start?.({ topic: name, part: "key", use: "sink" });
    await value.start?.({ topic: name, part: "value", use: "sink" });
    // Else it is looked for again.
    if (producer === this.#current()) {
      const { started } = this.#found.get(name) ?? { started: new WeakSet() };
      started.add(key).add(value);
      this.#found.set(name, { partitions: described.partitions, started, at: clock.monotonic() });
    }
    this.#missing.delete(name);
    return true;
  }

  #isMissing(topic: string, cause: unknown): MillraceError {
    const error =
      cause === undefined
        ? missing(topic)
        : new MillraceError(`the topic "${topic}" can't be written to: ${messageOf(cause)}`, {
            code: "UNUSABLE_TOPIC",
            cause,
          });
    const now = this.#settings.clock.monotonic();
    this.#missing.delete(topic);
    this.#missing.set(topic, { until: now + missingForMs, error });
    // The oldest first: names may be as many as records.
    for (const [name, { until }] of this.#missing) {
      if (until > now) break;
      this.#missing.delete(name);
    }
    return error;
  }
}

/** Whether its serdes have prepared, as far as they have to: a function may make a topic anew for each record. */
const isPrepared = ({ key, value }: SinkTopic<never, never>, started: WeakSet<Serializer<never>>): boolean =>
  [key, value].every((serde) => serde.start === undefined || started.has(serde));

const missing = (topic: string): MillraceError =>
  new MillraceError(
    `topic "${topic}" does not exist; create it: kafka-topics.sh --bootstrap-server BROKER --create --topic ${topic} ` +
      "--partitions 6",
    { code: "MISSING_TOPIC" },
  );
