import type { GroupMembership } from "../../group-coordinator.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

/** Heartbeat v3. */
export const heartbeat = ({
  groupId,
  generationId,
  memberId,
  groupInstanceId,
}: GroupMembership): Request<void> => ({
  name: "Heartbeat",
  about: `group "${groupId}"`,
  apiKey: 12,
  version: 3,
  encode: (encoder) => {
    encoder.writeString(groupId).writeInt32(generationId).writeString(memberId).writeString(groupInstanceId);
  },
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), `heartbeat to group "${groupId}"`);
  },
});
