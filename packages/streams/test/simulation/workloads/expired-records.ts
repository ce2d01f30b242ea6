import { copyingWorkload } from "../copying-workload.ts";

/** Retention deletes records, some before they are read: those that are left come once, the others at most once. */
export const workload = copyingWorkload("expired-records", "once", { recordsExpire: ["expired-records-in"] });
