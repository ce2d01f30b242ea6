import type { Headers } from "./record.ts";

/** Headers in memory of their own, for whoever keeps them: as they were read they keep their whole fetched batch there. */
export const ownHeaders = (headers: Headers): Headers =>
  headers.length === 0 ? headers : headers.map(([name, value]) => [name, value === null ? null : own(value)]);

/** Not from the pool either: a few bytes would keep all of what was taken from there with them. */
const own = (bytes: Buffer): Buffer => {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
};
