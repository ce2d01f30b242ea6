import { usageError } from "./usage-error.ts";

/** What `parseArgs` found, with `tokens: true`. */
interface Token {
  readonly kind: string;
  readonly name?: string;
}

/**
 * Throws a MillraceError `USAGE` on an option that the action has no use for: whoever gave it counts on it.
 */
export const onlyOptions = (action: string, tokens: readonly Token[], known: readonly string[]): void => {
  const given = tokens.flatMap(({ kind, name }) => (kind === "option" && name !== undefined ? [name] : []));
  const useless = [...new Set(given)].filter((name) => !known.includes(name));
  if (useless.length > 0)
    throw usageError(
      `${useless.map((name) => `--${name}`).join(", ")} is of no use to ${action}, which takes ` +
        known.map((name) => `--${name}`).join(", "),
    );
};
