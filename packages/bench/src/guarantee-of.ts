import type { Guarantee } from "@millrace/streams";

/** The guarantee that `--guarantee` names; throws on another. */
export const guaranteeOf = (name: string): Guarantee => {
  if (name === "exactly_once" || name === "at_least_once") return name;
  throw new Error(`--guarantee is "${name}"; it can be exactly_once or at_least_once`);
};
