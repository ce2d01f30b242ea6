/** The names that an option lists; throws on one that is not known. */
export const listed = <N extends string>(option: string, text: string, known: readonly N[]): readonly N[] =>
  text.split(",").map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new Error(`--${option} has "${name}"; it can have ${known.join(", ")}`);
    return found;
  });
