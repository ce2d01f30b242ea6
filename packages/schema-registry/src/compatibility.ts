/** Confluent's names of what a new version of a schema must be able to do. */
export type Compatibility =
  | "NONE"
  | "BACKWARD"
  | "BACKWARD_TRANSITIVE"
  | "FORWARD"
  | "FORWARD_TRANSITIVE"
  | "FULL"
  | "FULL_TRANSITIVE";

const promises: Readonly<Record<Compatibility, readonly Compatibility[]>> = {
  NONE: [],
  BACKWARD: ["BACKWARD"],
  BACKWARD_TRANSITIVE: ["BACKWARD", "BACKWARD_TRANSITIVE"],
  FORWARD: ["FORWARD"],
  FORWARD_TRANSITIVE: ["FORWARD", "FORWARD_TRANSITIVE"],
  FULL: ["BACKWARD", "FORWARD", "FULL"],
  FULL_TRANSITIVE: [
    "BACKWARD",
    "BACKWARD_TRANSITIVE",
    "FORWARD",
    "FORWARD_TRANSITIVE",
    "FULL",
    "FULL_TRANSITIVE",
  ],
};

/** The level of that name; undefined for a name that is none of these. */
export const compatibilityOf = (name: string): Compatibility | undefined =>
  (Object.keys(promises) as Compatibility[]).find((level) => level === name.toUpperCase());

/** Whether a level promises all that another one does. */
export const atLeast = (level: Compatibility, wanted: Compatibility): boolean =>
  promises[wanted].every((promise) => promises[level].includes(promise));

/** Every level whose promises hold where both of these do, the weakest of them. */
export const both = (one: Compatibility, other: Compatibility): Compatibility =>
  (Object.keys(promises) as Compatibility[]).find((level) => atLeast(level, one) && atLeast(level, other)) ??
  "FULL_TRANSITIVE";

/** Which way round schemas are compared, and with how many versions. */
export const rulesOf = (
  level: Compatibility,
): { readonly backward: boolean; readonly forward: boolean; readonly transitive: boolean } => ({
  backward: promises[level].includes("BACKWARD"),
  forward: promises[level].includes("FORWARD"),
  transitive: level.endsWith("_TRANSITIVE"),
});
