import { MillraceError } from "../../errors.ts";

/** No such store, or one of another kind, or one that can't be read from outside. */
export const unknownStore = (name: string, why: string): MillraceError =>
  new MillraceError(`store "${name}" can't be queried: ${why}`, { code: "STORE_UNKNOWN" });

/** The application is not at work. */
export const storeNotOpen = (name: string, state: string): MillraceError => {
  const over = state === "stopped" || state === "error" || state === "pendingShutdown";
  return new MillraceError(
    `store "${name}" can't be queried: the application is ${state}; ` +
      (over ? "ask another member, or start it again" : "try again once it is running"),
    { code: "STORE_NOT_OPEN", retriable: !over },
  );
};

/** Partitions that this member has been given are still being read from their changelogs. */
export const storeRestoring = (name: string, partitions: readonly number[]): MillraceError =>
  new MillraceError(
    `store "${name}": ${listed(partitions)} still being restored here: try again once the application is running, or ` +
      "query other partitions alone",
    { code: "STORE_RESTORING", retriable: true },
  );

/** Another member has them. */
export const storeElsewhere = (
  name: string,
  applicationId: string,
  partitions: readonly number[],
): MillraceError =>
  new MillraceError(
    `store "${name}": ${listed(partitions)} not with this member of "${applicationId}": ask the one that has ` +
      (partitions.length === 1 ? "it" : "them"),
    { code: "STORE_ELSEWHERE" },
  );

const listed = (partitions: readonly number[]): string =>
  partitions.length === 0
    ? "its partitions are"
    : partitions.length === 1
      ? `partition ${partitions[0]} is`
      : `partitions ${partitions.join(", ")} are`;
