import { usageError } from "./usage-error.ts";

/** Reads the number that an option takes. Throws a MillraceError `USAGE`. */
export const wholeNumber = (name: string, text: string): number => {
  if (!/^\d+$/.test(text)) throw usageError(`${name} is "${text}"; it must be a whole number`);
  return Number(text);
};
