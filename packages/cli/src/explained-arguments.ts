import { usageError } from "./usage-error.ts";

/** What can't be read as a command's options, with where they are told; any other error as it is. */
export const explainedArguments = (error: unknown, command: string): unknown => {
  if (!(error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")))
    return error;
  // Node's advice after the first sentence is about its own function.
  const [what = ""] = error.message.split(/\. |\.?\n/);
  return usageError(`${what.replace(/\.$/, "")}: millrace ${command} --help says what it takes`);
};
