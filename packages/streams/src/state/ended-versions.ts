import type { ByteStore } from "./byte-store.ts";
import { readInt64, writeInt64 } from "./int64.ts";
import { SortedList } from "./sorted-list.ts";

/** When a version of a key ended, ms. */
export interface EndedVersion<K> {
  readonly key: K;
  readonly at: number;
}

/** Keys that have versions which ended, by the ends: looked at again when nobody can read these any more. */
export interface EndedVersions<K> {
  add(ended: EndedVersion<K>): void;
  /** Takes up to `max` that ended at or before `oldest`. */
  take(oldest: number, max: number): readonly EndedVersion<K>[];
}

/** In memory. */
export class EndedInMemory<K> implements EndedVersions<K> {
  #added = 0;
  readonly #ended = new SortedList<EndedVersion<K> & { readonly order: number }>(
    (a, b) => a.at - b.at || a.order - b.order,
  );

  add(ended: EndedVersion<K>): void {
    this.#ended.add({ ...ended, order: this.#added++ });
  }

  take(oldest: number, max: number): readonly EndedVersion<K>[] {
    const taken: EndedVersion<K>[] = [];
    for (let next = this.#ended.first; next !== undefined && next.at <= oldest; next = this.#ended.first) {
      if (taken.length === max) break;
      taken.push(next);
      this.#ended.shift();
    }
    return taken;
  }
}

const mark = 1;
const keyAt = 9;

const indexKey = (at: number, key: Uint8Array): Buffer => {
  const out = Buffer.allocUnsafe(keyAt + key.length);
  out[0] = mark;
  writeInt64(out, 1, at);
  out.set(key, keyAt);
  return out;
};

/** In the byte store, as `1 | int64 end | key`: what is taken is gone with the next commit. */
export class EndedInBytes<K> implements EndedVersions<K> {
  readonly #bytes: ByteStore;
  readonly #keyBytes: (key: K) => Uint8Array;
  readonly #readKey: (bytes: Buffer) => K;
  readonly #keep: (key: Uint8Array, value: Uint8Array | null) => void;

  constructor(
    bytes: ByteStore,
    keys: { readonly write: (key: K) => Uint8Array; readonly read: (bytes: Buffer) => K },
    keep: (key: Uint8Array, value: Uint8Array | null) => void,
  ) {
    this.#bytes = bytes;
    this.#keyBytes = keys.write;
    this.#readKey = keys.read;
    this.#keep = keep;
  }

  add({ key, at }: EndedVersion<K>): void {
    this.#keep(indexKey(at, this.#keyBytes(key)), Buffer.alloc(0));
  }

  take(oldest: number, max: number): readonly EndedVersion<K>[] {
    const taken: EndedVersion<K>[] = [];
    if (oldest < 0) return taken;
    for (const [found] of this.#bytes.range(indexKey(0, noKey), indexKey(oldest + 1, noKey), false)) {
      if (taken.length === max) break;
      const source = Buffer.from(found);
      this.#keep(source, null);
      taken.push({ key: this.#readKey(source.subarray(keyAt)), at: readInt64(source, 1) });
    }
    return taken;
  }
}

const noKey = Buffer.alloc(0);
