import type { Serde } from "../serde.ts";

/**
 * A value as whoever reads the store after a restart will find it. The value itself where that has to fetch something
 * first.
 */
export const readBack = <V>(serde: Serde<V>, value: V): V => {
  const bytes = serde.serialize(value);
  if (bytes === null) return value;
  const source = Buffer.from(bytes);
  const { length } = source;
  return serde.prepare?.(source, 0, length) === undefined ? serde.deserialize(source, 0, length) : value;
};
