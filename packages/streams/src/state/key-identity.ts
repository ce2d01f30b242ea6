import type { Serde } from "../serde.ts";

/**
 * What a key is filed under in a Map: the key itself where equal keys are identical, else its bytes, one character
 * each.
 */
export const keyIdentity = <K>(serde: Serde<K>): ((key: K) => unknown) => {
  if (serde.primitive === true) return (key) => key;
  return (key) => {
    const bytes = serde.serialize(key);
    if (bytes === null) throw new TypeError(`a store takes no null key (serde ${serde.name})`);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  };
};
