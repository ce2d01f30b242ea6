import { isUtf8 } from "node:buffer";

/** Control and format characters, line separators: what could move a terminal's cursor or break a line in two. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text on one line. Records come from anywhere: nothing in them may command the terminal. */
export const oneLine = (text: string): string =>
  text.replace(unprintable, (char) => escapes[char] ?? `\\u{${char.codePointAt(0)?.toString(16)}}`);

/** As many lines as the text has. */
export const printableLines = (text: string): readonly string[] =>
  text.split(/\r?\n/).map((line) => oneLine(line.replaceAll("\t", "    ")));

const shownBytes = 64;

/** A key or a header on one line: quoted text where the bytes are UTF-8, else hexadecimal. */
export const bytesText = (bytes: Uint8Array | null): string => {
  if (bytes === null) return "null";
  if (isUtf8(bytes)) return `"${oneLine(Buffer.from(bytes).toString("utf8"))}"`;
  const hex = Buffer.from(bytes.subarray(0, shownBytes)).toString("hex");
  return bytes.length > shownBytes ? `0x${hex}… (${bytes.length} bytes)` : `0x${hex}`;
};
