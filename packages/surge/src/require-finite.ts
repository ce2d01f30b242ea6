import { MillraceError } from "@millrace/streams";

/** Throws a MillraceError NOT_FINITE that names the inputs which are NaN or infinite. */
export const requireFinite = (inputs: Readonly<Record<string, number>>): void => {
  const wrong = Object.entries(inputs).filter(([, value]) => !Number.isFinite(value));
  if (wrong.length > 0)
    throw new MillraceError(`${wrong.map(([name, value]) => `${name} is ${value}`).join(", ")}: not finite`, {
      code: "NOT_FINITE",
    });
};
