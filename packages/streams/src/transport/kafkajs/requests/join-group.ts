import type { JoinRequest, JoinResponse } from "../../group-coordinator.ts";
import type { MemberIdToUse } from "../../join-with-member-id.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

const memberIdRequired = 79;
const nothing = Buffer.alloc(0);

/** JoinGroup v5. Answers just a member id to a member that came without one (KIP-394). */
export const joinGroup = (
  groupId: string,
  { memberId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocols }: JoinRequest,
): Request<JoinResponse | MemberIdToUse> => ({
  name: "JoinGroup",
  about: `group "${groupId}"`,
  apiKey: 11,
  version: 5,
  holdMs: rebalanceTimeoutMs,
  encode: (encoder) => {
    encoder.writeString(groupId).writeInt32(sessionTimeoutMs).writeInt32(rebalanceTimeoutMs);
    encoder
      .writeString(memberId)
      .writeString(groupInstanceId)
      .writeString("consumer")
      .writeInt32(protocols.length);
    for (const { name, metadata } of protocols) encoder.writeString(name).writeBytes(metadata);
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
