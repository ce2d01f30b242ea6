/** The number of an option; throws on what is no whole number above 0. */
export const positive = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} is "${text}"; it must be a whole number above 0`);
  return value;
};
