#!/usr/bin/env node
import { runMillrace } from "./run-millrace.ts";

// Whoever reads the output may have seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

runMillrace(process.argv.slice(2)).then(
  // A registry that never answered may still be waited for.
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
