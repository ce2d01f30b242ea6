import { TransportError } from "../transport-error.ts";
import { errorCodes } from "./error-codes.ts";

/** The TransportError of an error code other than 0. `where` says what was asked of whom. */
export const kafkaError = (code: number, where: string, detail: string | null = null): TransportError => {
  const { name, retriable } = errorCodes.get(code) ?? { name: `ERROR_${code}`, retriable: false };
  return new TransportError(`${where}: ${name}${detail === null ? "" : ` (${detail})`}`, name, retriable);
};

/** Throws the TransportError of an error code other than 0. */
export const checkCode = (code: number, where: string, detail: string | null = null): void => {
  if (code !== 0) throw kafkaError(code, where, detail);
};
