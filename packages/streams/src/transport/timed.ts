/** Tells how long an answer took, ms, when it has come; of one that fails nothing is told. */
export const timed = <T>(
  answer: Promise<T>,
  told: ((ms: number) => void) | undefined,
  now: () => number,
): Promise<T> => {
  if (told === undefined) return answer;
  const begun = now();
  return answer.then((value) => {
    told(now() - begun);
    return value;
  });
};
