import type { OfferedSubTopology } from "./subscription.ts";

/** What the assignor knows of a member: its subscription. */
export interface AssignableMember {
  readonly memberId: string;
  readonly generation: number;
  readonly offers: readonly OfferedSubTopology[];
  readonly tags?: Readonly<Record<string, string>> | undefined;
}
