import { schemaRegistry, type SchemaRegistryOptions } from "@millrace/avro";
import { hours, type Serde, type Transport } from "@millrace/streams";
import type { KafkaLink } from "../kafka/kafka-link.ts";
import type { HourView } from "../protocol/venue-view.ts";
import { type DemandHour, demandHourSerde } from "./demand-hour.ts";

/** How far back hours are shown, and how many at most. */
const reachMs = hours(48);
const mostShown = 400;

type Fetcher = ReturnType<Transport["createFetcher"]>;

/** What the hours are read with. */
export interface DemandHoursOptions {
  readonly kafka: KafkaLink;
  readonly registry: SchemaRegistryOptions;
  readonly topic: string;
}

/** The demand topic's last hours, as they stand: read on while somebody looks. */
export class DemandHours {
  readonly topic: string;
  readonly #kafka: KafkaLink;
  readonly #serde: Serde<DemandHour>;
  #fetcher: Fetcher | undefined;
  #partitions = 0;
  readonly #hours = new Map<string, DemandHour>();
  #unreadable = 0;

  constructor({ kafka, registry, topic }: DemandHoursOptions) {
    this.topic = topic;
    this.#kafka = kafka;
    this.#serde = demandHourSerde(schemaRegistry(registry));
  }

  /** Takes what has come; undefined where there is no such topic. Rejects where it can't be read. */
  async look(): Promise<readonly HourView[] | undefined> {
    this.#fetcher ??= await this.#kafka.use((transport) => this.#open(transport));
    if (this.#fetcher === undefined) return undefined;
    await this.#take(this.#fetcher);
    const oldest = Date.now() - reachMs;
    for (const [key, { hour }] of this.#hours) if (hour < oldest) this.#hours.delete(key);
    return [...this.#hours.values()]
      .toSorted((a, b) => b.hour - a.hour || (a.subLocationId < b.subLocationId ? -1 : 1))
      .slice(0, mostShown)
      .map(hourView);
  }

  /** Records that were none of its hours. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** Nobody looks: reads nothing until somebody does. */
  async rest(): Promise<void> {
    const fetcher = this.#fetcher;
    this.#fetcher = undefined;
    this.#hours.clear();
    this.#unreadable = 0;
    await fetcher?.close();
  }

  async #open(transport: Transport): Promise<Fetcher | undefined> {
    this.#partitions = (await transport.describeTopics([this.topic])).get(this.topic)?.partitions ?? 0;
    if (this.#partitions === 0) return undefined;
    const every = Array.from({ length: this.#partitions }, (_, partition) => ({
      topic: this.topic,
      partition,
    }));
    const [since, ends] = await Promise.all([
      transport.listOffsets(every, Date.now() - reachMs, true),
      transport.listOffsets(every, "latest", true),
    ]);
    const fetcher = transport.createFetcher({
      readCommitted: true,
      maxWaitMs: 500,
      maxBytesPerPartition: 1 << 20,
      maxBytes: 8 << 20,
      maxBufferedBytesPerPartition: 2 << 20,
      maxBufferedBytes: 16 << 20,
      // Whoever looks takes what is there.
      onAvailable: () => undefined,
    });
    for (const { partition } of every) {
      const offset = since[partition]?.offset ?? -1;
      fetcher.add(this.topic, partition, offset < 0 ? (ends[partition]?.offset ?? 0) : offset);
    }
    return fetcher;
  }

  async #take(fetcher: Fetcher): Promise<void> {
    for (let partition = 0; partition < this.#partitions; partition++)
      for (let chunk; (chunk = fetcher.take(this.topic, partition)) !== undefined;) {
        const { records } = chunk;
        while (records.advance()) {
          const { buffer, valueStart, valueEnd } = records;
          await this.#keep(buffer, valueStart, valueEnd);
        }
      }
  }

  async #keep(buffer: Buffer, start: number, end: number): Promise<void> {
    let read: DemandHour;
    try {
      await this.#serde.prepare?.(buffer, start, end);
      read = this.#serde.deserialize(buffer, start, end);
    } catch {
      // Counted and told: the page shows the others all the same.
      this.#unreadable++;
      return;
    }
    const key = `${read.subLocationId} ${read.hour}`;
    const known = this.#hours.get(key);
    if (known === undefined || isNewer(read, known)) this.#hours.set(key, read);
  }
}

const isNewer = (a: DemandHour, b: DemandHour): boolean =>
  a.final === b.final ? a.timestamp >= b.timestamp : a.final;

const hourView = (hour: DemandHour): HourView => ({
  subLocationId: hour.subLocationId,
  locationId: hour.locationId ?? undefined,
  hour: hour.hour,
  bookings: hour.bookingsCount,
  attendees: hour.totalAttendees,
  capacity: hour.availableCapacity,
  pressure: hour.demandPressure,
  usualPressure: hour.historicalAvgPressure ?? undefined,
  historySamples: hour.historySamples,
  final: hour.final,
});
