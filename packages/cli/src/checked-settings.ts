import { Environment, EnvironmentError } from "@millrace/service/settings";
import { usageError } from "./usage-error.ts";

/** Environment variables; an empty one counts as not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A flag that is given in place of a variable. */
export interface FlagInPlace {
  readonly flag: string;
  readonly variable: string;
  /** Undefined: it is not given. */
  readonly value: string | undefined;
}

/** Reads settings from the environment and a flag. Throws a MillraceError `USAGE` that blames what was given. */
export const checkedSettings = <S>(
  variables: Variables,
  { flag, variable, value }: FlagInPlace,
  read: (environment: Environment) => S,
): S => {
  const environment = new Environment(value === undefined ? variables : { ...variables, [variable]: value });
  const settings = read(environment);
  try {
    environment.check();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    throw usageError(
      error.problems
        .map((problem) =>
          value !== undefined && problem.startsWith(`${variable} `)
            ? `${flag}${problem.slice(variable.length)}`
            : problem,
        )
        .join("\n"),
    );
  }
  return settings;
};
