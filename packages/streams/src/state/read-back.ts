import type { Serde } from "../serde.ts";

/**
 * A value as whoever reads the store after a restart will find it. The value itself where that has to fetch something
 * first.
 */
export const readBack = <V>({ serialize, deserialize, prepare }: Serde<V>, value: V): V => {
  const bytes = serialize(value);
  if (bytes === null) return value;
  const source = Buffer.from(bytes);
  return prepare?.(source, 0, source.length) === undefined ? deserialize(source, 0, source.length) : value;
};
