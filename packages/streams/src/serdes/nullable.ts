import type { Serde } from "../serde.ts";

/** One per inner serde: equal ones are the same. */
const made = new WeakMap<Serde<unknown>, Serde<unknown>>();

/** The same serde, with null for null. For topics with tombstones, or keys that may be missing. */
export const nullable = <T>(inner: Serde<T>): Serde<T | null> => {
  const known = made.get(inner as Serde<unknown>) as Serde<T | null> | undefined;
  if (known !== undefined) return known;
  const { into } = inner.serialize;
  const alone = (value: T | null): Uint8Array | null => (value === null ? null : inner.serialize(value));
  const serde: Serde<T | null> = {
    ...inner,
    name: `nullable ${inner.name}`,
    serialize: Object.assign(alone, {
      into:
        into &&
        ((value: T | null, target: Buffer, at: number) => (value === null ? -1 : into(value, target, at))),
    }),
    deserialize: (source, start, end) => (start < 0 ? null : inner.deserialize(source, start, end)),
    check: (value) => {
      if (value !== null) inner.check?.(value);
    },
    ...(inner.prepare && {
      prepare: (source: Buffer, start: number, end: number) =>
        start < 0 ? undefined : inner.prepare?.(source, start, end),
    }),
  };
  made.set(inner as Serde<unknown>, serde as Serde<unknown>);
  return serde;
};
