import { TransportError } from "../transport-error.ts";
import { knownErrors } from "./internals.ts";

/** Codes that came after kafkajs' table. */
const newer: readonly { readonly type: string; readonly code: number; readonly retriable: boolean }[] = [
  { type: "FENCED_INSTANCE_ID", code: 82, retriable: false },
  { type: "INVALID_RECORD", code: 87, retriable: false },
  { type: "UNSTABLE_OFFSET_COMMIT", code: 88, retriable: true },
  { type: "THROTTLING_QUOTA_EXCEEDED", code: 89, retriable: true },
  { type: "PRODUCER_FENCED", code: 90, retriable: false },
  { type: "TRANSACTION_ABORTABLE", code: 120, retriable: false },
];

const byCode = new Map([...knownErrors, ...newer].map((error) => [error.code, error]));

/** Throws the TransportError of an error code other than 0. `where` says what was asked of whom. */
export const checkCode = (code: number, where: string): void => {
  if (code === 0) return;
  const { type, retriable } = byCode.get(code) ?? { type: `ERROR_${code}`, retriable: false };
  throw new TransportError(`${where}: ${type}`, type, retriable);
};
