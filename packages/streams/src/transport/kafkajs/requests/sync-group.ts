import type { GroupMembership } from "../../group-coordinator.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

const nothing = Buffer.alloc(0);

/** SyncGroup v3. */
export const syncGroup = (
  { groupId, generationId, memberId, groupInstanceId }: GroupMembership,
  assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
  holdMs: number,
): Request<Buffer> => ({
  name: "SyncGroup",
  about: `group "${groupId}"`,
  apiKey: 14,
  version: 3,
  holdMs,
  encode: (encoder) => {
    encoder.writeString(groupId).writeInt32(generationId).writeString(memberId).writeString(groupInstanceId);
    encoder.writeInt32(assignments.length);
    for (const { memberId: id, assignment } of assignments) encoder.writeString(id).writeBytes(assignment);
  },
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), `syncing with group "${groupId}"`);
    return decoder.bytes() ?? nothing;
  },
});
