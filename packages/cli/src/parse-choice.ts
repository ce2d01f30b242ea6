import type { Choice } from "@millrace/operations";
import { parsePlace } from "./parse-place.ts";
import { usageError } from "./usage-error.ts";

export interface ChoiceOptions {
  readonly at?: readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly all?: boolean | undefined;
}

/** Throws unless it is said in exactly one way. */
export const parseChoice = ({ at = [], reason, all = false }: ChoiceOptions): Choice => {
  const ways = [at.length > 0, reason !== undefined, all].filter(Boolean).length;
  if (ways !== 1)
    throw usageError(
      `say which dead letters: either --at PARTITION:OFFSET (again for each), or --reason CODE, or --all` +
        (ways > 1 ? ", and only one of these" : ""),
    );
  if (reason !== undefined) return { by: "reason", reason };
  return all ? { by: "all" } : { by: "place", places: at.map(parsePlace) };
};
