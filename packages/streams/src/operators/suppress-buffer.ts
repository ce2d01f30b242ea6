import type { ErasedSerde } from "../serde.ts";
import type { BufferedChange } from "../state/buffered-change.ts";
import type { KeyValueStore } from "../state/key-value-store.ts";
import { SortedList } from "../state/sorted-list.ts";

interface Place<K, V> {
  readonly key: K;
  /** The key's bytes, one character each. */
  readonly order: string;
  readonly time: number;
  change: BufferedChange<V>;
  bytes: number;
}

/**
 * The order of a suppress's store: by the time from which a change waits, then by the key's bytes. Made anew from the store
 * whenever the operators are.
 */
export class SuppressBuffer<K, V> {
  readonly #store: KeyValueStore<K, BufferedChange<V>>;
  readonly #key: ErasedSerde;
  /** Undefined where nobody asks for bytes. */
  readonly #value: ErasedSerde | undefined;
  readonly #places = new Map<string, Place<K, V>>();
  readonly #ordered = new SortedList<Place<K, V>>(
    (a, b) => a.time - b.time || (a.order < b.order ? -1 : a.order > b.order ? 1 : 0),
  );
  #bytes = 0;
  /** Greatest time of the changes that were there at first, ms; -1 where none was. */
  readonly newestTime: number;

  constructor(
    store: KeyValueStore<K, BufferedChange<V>>,
    key: ErasedSerde,
    value: ErasedSerde,
    countBytes: boolean,
  ) {
    this.#store = store;
    this.#key = key;
    this.#value = countBytes ? value : undefined;
    let newest = -1;
    for (const [known, change] of store.all()) {
      this.#add(known, this.#orderOf(known), change);
      newest = Math.max(newest, change.context.timestamp);
    }
    this.newestTime = newest;
  }

  get records(): number {
    return this.#places.size;
  }

  /** As Kafka Streams counts them; 0 where they are not asked for. */
  get bytes(): number {
    return this.#bytes;
  }

  get first(): { readonly key: K; readonly change: BufferedChange<V> } | undefined {
    return this.#ordered.first;
  }

  get(key: K): BufferedChange<V> | undefined {
    return this.#store.get(key);
  }

  /** A change of a key that waits keeps its place, and what was told before. */
  put(key: K, change: BufferedChange<V>): void {
    const order = this.#orderOf(key);
    const place = this.#places.get(order);
    const given = place === undefined ? change : { ...change, time: place.time, prior: place.change.prior };
    this.#store.put(key, given, change.context.timestamp);
    // What is told is what the store has, and would have after a restore.
    const next = this.#store.get(key) ?? given;
    if (place === undefined) {
      this.#add(key, order, next);
      return;
    }
    this.#bytes -= place.bytes;
    place.change = next;
    place.bytes = this.#sizeOf(order, next);
    this.#bytes += place.bytes;
  }

  /** Takes the first away. */
  shift(): void {
    const place = this.#ordered.shift();
    if (place === undefined) return;
    this.#places.delete(place.order);
    this.#bytes -= place.bytes;
    this.#store.delete(place.key);
  }

  #add(key: K, order: string, change: BufferedChange<V>): void {
    const place = { key, order, time: change.time, change, bytes: this.#sizeOf(order, change) };
    this.#places.set(order, place);
    this.#ordered.add(place);
    this.#bytes += place.bytes;
  }

  #orderOf(key: K): string {
    const bytes = this.#key.serialize(key) ?? new Uint8Array();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  }

  /** Kafka Streams' estimate: time, key, values, timestamp and offset, topic, partition, headers. */
  #sizeOf(order: string, { prior, old, value, context }: BufferedChange<V>): number {
    const serde = this.#value;
    if (serde === undefined) return 0;
    const sized = (part: V | null): Uint8Array | null => (part === null ? null : serde.serialize(part));
    const priorBytes = sized(prior);
    const oldBytes = sized(old);
    const shared = priorBytes !== null && oldBytes !== null && Buffer.compare(priorBytes, oldBytes) === 0;
    let size = 28 + order.length + context.topic.length;
    size += (priorBytes?.length ?? 0) + (shared ? 0 : (oldBytes?.length ?? 0)) + (sized(value)?.length ?? 0);
    for (const [name, bytes] of context.headers) size += name.length + (bytes?.length ?? 0);
    return size;
  }
}
