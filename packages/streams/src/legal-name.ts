/** The longest name of a topic that Kafka takes, characters. */
export const longestName = 249;

/** Whether a name has only characters that names in Kafka may have, and no more of them than that. */
export const isLegalName = (name: string, longest: number = longestName): boolean =>
  new RegExp(String.raw`^[\w.-]{1,${longest}}$`).test(name);
