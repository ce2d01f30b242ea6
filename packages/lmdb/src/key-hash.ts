/** A hash of the bytes of a key, int32. */
export const keyHash = (key: Uint8Array): number => {
  const { length } = key;
  let hash = length;
  let at = 0;
  for (; at + 4 <= length; at += 4)
    hash = mixed(hash, key[at]! | (key[at + 1]! << 8) | (key[at + 2]! << 16) | (key[at + 3]! << 24));
  let tail = 0;
  for (; at < length; at++) tail = (tail << 8) | key[at]!;
  return mixed(hash, tail);
};

const mixed = (hash: number, word: number): number => {
  const product = Math.imul(hash ^ word, 0x9e37_79b1);
  return product ^ (product >>> 15);
};
