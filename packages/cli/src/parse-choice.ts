import type { Choice, LetterFilter } from "@millrace/operations";
import { parsePlace } from "./parse-place.ts";
import { parseTime } from "./parse-time.ts";
import { usageError } from "./usage-error.ts";

/** What is asked of dead letters, as it is given. */
export interface FilterOptions {
  readonly reason?: string | undefined;
  readonly "from-topic"?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface ChoiceOptions extends FilterOptions {
  readonly at?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
}

/** Throws a MillraceError `USAGE` on times that are none, or between which there is nothing. */
export const parseFilter = (options: FilterOptions): LetterFilter => {
  const { reason, "from-topic": topic } = options;
  const since = options.since === undefined ? undefined : parseTime("--since", options.since);
  const until = options.until === undefined ? undefined : parseTime("--until", options.until);
  if (since !== undefined && until !== undefined && since >= until)
    throw usageError(
      `--until is "${options.until}", which is not after --since, "${options.since}": nothing can lie between them`,
    );
  return { reason, topic, since, until };
};

/** Throws unless it is said in exactly one way: by places, by what they must have, or all. */
export const parseChoice = (options: ChoiceOptions): Choice => {
  const { at = [], all = false } = options;
  const filter = parseFilter(options);
  const filtered = Object.values(filter).some((asked) => asked !== undefined);
  const ways = [at.length > 0, filtered, all].filter(Boolean).length;
  if (ways !== 1)
    throw usageError(
      `say which dead letters: either --at PARTITION:OFFSET (again for each), or --reason CODE, --from-topic TOPIC, --since ` +
        `TIME and --until TIME as you like, or --all${ways > 1 ? ", and only one of these" : ""}`,
    );
  if (filtered) return { by: "filter", ...filter };
  return all ? { by: "all" } : { by: "place", places: at.map(parsePlace) };
};
