import type { MemberOfLocation } from "./apply-metric.ts";
import { compareMembers } from "./metric-order.ts";

/** The newer of two metrics of one sub-location and hour. */
export const newestMember = (known: MemberOfLocation, next: MemberOfLocation): MemberOfLocation =>
  compareMembers(known, next) > 0 ? known : next;
