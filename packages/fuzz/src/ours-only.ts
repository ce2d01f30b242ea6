import { MillraceError } from "@millrace/streams";

/** What `read` gives; undefined for an error of ours. Throws everything else. */
export const oursOnly = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (error instanceof MillraceError) return undefined;
    throw error;
  }
};
