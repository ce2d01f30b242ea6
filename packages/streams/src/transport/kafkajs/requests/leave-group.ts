import type { GroupMembership } from "../../group-coordinator.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

/** LeaveGroup v3. */
export const leaveGroup = ({ groupId, memberId, groupInstanceId }: GroupMembership): Request<void> => ({
  name: "LeaveGroup",
  apiKey: 13,
  version: 3,
  encode: (encoder) => {
    encoder.writeString(groupId).writeInt32(1).writeString(memberId).writeString(groupInstanceId);
  },
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), `leaving group "${groupId}"`);
    decoder.array(() => {
      const member = decoder.string();
      decoder.string(); // instance id
      checkCode(decoder.int16(), `member "${member}" leaving group "${groupId}"`);
    });
  },
});
