import { copyingWorkload } from "../copying-workload.ts";

/** The group's offsets expire while it has no members: all is read again, and nothing is left out. */
export const workload = copyingWorkload("expired-offsets", "covers", { offsetsExpire: true });
