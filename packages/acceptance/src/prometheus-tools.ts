import { spawnSync } from "node:child_process";

/** Where Debian's package puts them, and whoever has them elsewhere has them on the path. */
const found = (name: string): boolean => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0;

/**
 * Why there is no Prometheus to test with; undefined: there is one. Throws where tests must not be left out
 * (`CI` is set), so that nobody takes a skipped test for a passed one.
 */
export const noPrometheus = (): string | undefined => {
  if (found("prometheus") && found("promtool")) return undefined;
  const why = "there is no prometheus and promtool: apt-get install prometheus";
  if (process.env["CI"] !== undefined) throw new Error(why);
  process.stderr.write(`SKIPPED: ${why}\n`);
  return why;
};
