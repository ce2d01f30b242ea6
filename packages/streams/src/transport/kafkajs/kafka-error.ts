import { TransportError } from "../transport-error.ts";
import { errorCodes } from "./error-codes.ts";

/** The TransportError of an error code other than 0. `where` says what was asked of whom. */
export const kafkaError = (code: number, where: string, detail: string | null = null): TransportError => {
  const { name, rank, advice } = errorCodes.get(code) ?? {
    name: `ERROR_${code}`,
    rank: "fatal",
    advice: "Millrace does not know this error: see the broker's log",
  };
  const said = detail === null ? "" : ` (${detail})`;
  return new TransportError(`${where}: ${name}${said}${advice === "" ? "" : `; ${advice}`}`, name, rank);
};

/** Throws the TransportError of an error code other than 0. */
export const checkCode = (code: number, where: string, detail: string | null = null): void => {
  if (code !== 0) throw kafkaError(code, where, detail);
};
