/** The hash of words so far, and of one more, of 32 bits each. */
export const mixWord = (hash: number, word: number): number => {
  const product = Math.imul(hash ^ word, 0x9e37_79b1);
  return product ^ (product >>> 15);
};
