import type { GroupMembership, JoinRequest, JoinResponse } from "../../group-coordinator.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

const memberIdRequired = 79;
const nothing = Buffer.alloc(0);

/** JoinGroup v5. Answers just a member id to a member that came without one (KIP-394). */
export const joinGroup = (
  groupId: string,
  { memberId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocols }: JoinRequest,
): Request<JoinResponse | { readonly memberIdToUse: string }> => ({
  name: "JoinGroup",
  apiKey: 11,
  version: 5,
  timeoutMs: rebalanceTimeoutMs + 30_000,
  encode: (encoder) => {
    encoder.writeString(groupId).writeInt32(sessionTimeoutMs).writeInt32(rebalanceTimeoutMs);
    encoder
      .writeString(memberId)
      .writeString(groupInstanceId)
      .writeString("consumer")
      .writeInt32(protocols.length);
    for (const { name, metadata } of protocols) encoder.writeString(name).writeBytes(metadata);
    return encoder;
  },
  decode: (decoder) => {
    decoder.int32();
    const errorCode = decoder.int16();
    const generationId = decoder.int32();
    const protocol = decoder.string() ?? "";
    const leaderId = decoder.string() ?? "";
    const ownId = decoder.string() ?? "";
    if (errorCode === memberIdRequired) return { memberIdToUse: ownId };
    checkCode(errorCode, `joining group "${groupId}"`);
    const members = decoder.array(() => ({
      memberId: decoder.string() ?? "",
      groupInstanceId: decoder.string(),
      metadata: decoder.bytes() ?? nothing,
    }));
    return { generationId, memberId: ownId, leaderId, protocol, members };
  },
});

/** SyncGroup v3. */
export const syncGroup = (
  { groupId, generationId, memberId, groupInstanceId }: GroupMembership,
  assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
  timeoutMs: number,
): Request<Buffer> => ({
  name: "SyncGroup",
  apiKey: 14,
  version: 3,
  timeoutMs,
  encode: (encoder) => {
    encoder.writeString(groupId).writeInt32(generationId).writeString(memberId).writeString(groupInstanceId);
    encoder.writeInt32(assignments.length);
    for (const { memberId: id, assignment } of assignments) encoder.writeString(id).writeBytes(assignment);
    return encoder;
  },
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), `syncing with group "${groupId}"`);
    return decoder.bytes() ?? nothing;
  },
});

/** Heartbeat v3. */
export const heartbeat = ({
  groupId,
  generationId,
  memberId,
  groupInstanceId,
}: GroupMembership): Request<void> => ({
  name: "Heartbeat",
  apiKey: 12,
  version: 3,
  encode: (encoder) =>
    encoder.writeString(groupId).writeInt32(generationId).writeString(memberId).writeString(groupInstanceId),
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), `heartbeat to group "${groupId}"`);
  },
});

/** LeaveGroup v3. */
export const leaveGroup = ({ groupId, memberId, groupInstanceId }: GroupMembership): Request<void> => ({
  name: "LeaveGroup",
  apiKey: 13,
  version: 3,
  encode: (encoder) =>
    encoder.writeString(groupId).writeInt32(1).writeString(memberId).writeString(groupInstanceId),
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), `leaving group "${groupId}"`);
  },
});
