import { existsSync } from "node:fs";

/** Where Debian's package puts it. */
export const chromiumPath = "/usr/bin/chromium";

/**
 * Why there is no browser to test with; undefined: there is one. Throws where tests must not be left out (`CI` is set), so
 * that nobody takes a skipped test for a passed one.
 */
export const noChromium = (): string | undefined => {
  if (existsSync(chromiumPath)) return undefined;
  const why = "there is no browser: apt-get install chromium";
  if (process.env["CI"] !== undefined) throw new Error(why);
  process.stderr.write(`SKIPPED: ${why}\n`);
  return why;
};
