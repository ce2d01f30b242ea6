import { inspect } from "node:util";
import { MillraceError } from "../../errors.ts";
import { type Headers, noHeaders } from "../../record.ts";

/** Throws INVALID_HEADER for what is none: a header is a name and its bytes, or null. Text would go out as zeros. */
export const checkHeaders = (headers: Headers): void => {
  if (headers === noHeaders) return;
  if (!Array.isArray(headers)) throw invalid(headers);
  for (const header of headers as readonly unknown[]) {
    const [name, value]: readonly unknown[] = Array.isArray(header) ? header : [];
    if (typeof name !== "string" || (value !== null && !(value instanceof Uint8Array))) throw invalid(header);
  }
};

const invalid = (header: unknown): MillraceError =>
  new MillraceError(
    `${inspect(header)} is no header: headers are a list of [name, bytes or null], such as ["trace", Buffer.from("1")]`,
    { code: "INVALID_HEADER" },
  );
