/** Why a record went no further; each has its counter. */
export type DropReason = "nullKey" | "nullRepartitionKey" | "late" | "negativeTimestamp" | "noPartition";
