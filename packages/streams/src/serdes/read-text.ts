import { TextCache } from "./text-cache.ts";

/** Longer texts take the way through C++, which is the quicker one then. */
const shortLength = 32;

/** Of the process: the same ids and names come in keys and in values, and through every serde. */
const cache = new TextCache();

/**
 * The UTF-8 text in `[start, end)`; what is not valid becomes U+FFFD, as in Java. Short ASCII is read without leaving V8,
 * and one that comes again and again is the same string each time, whose hash is known to every Map. For serdes: the
 * string serde reads so.
 */
export const readText = (bytes: Buffer, start: number, end: number): string =>
  end - start > shortLength
    ? bytes.utf8Slice(start, end)
    : (cache.read(bytes, start, end) ?? bytes.utf8Slice(start, end));

declare global {
  interface Buffer {
    /** What `toString("utf8", start, end)` calls, without its checks. */
    utf8Slice(start: number, end: number): string;
  }
}
