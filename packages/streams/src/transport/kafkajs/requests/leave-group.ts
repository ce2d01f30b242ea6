import type { GroupMembership } from "../../group-coordinator.ts";
import type { Request } from "../request.ts";
import { checkAll } from "../worst.ts";

/** LeaveGroup v3. */
export const leaveGroup = ({ groupId, memberId, groupInstanceId }: GroupMembership): Request<void> => ({
  name: "LeaveGroup",
  about: `group "${groupId}"`,
  apiKey: 13,
  version: 3,
  encode: (encoder) => {
    encoder.writeString(groupId).writeInt32(1).writeString(memberId).writeString(groupInstanceId);
  },
  decode: (decoder) => {
    decoder.int32();
    const whole = { where: `leaving group "${groupId}"`, errorCode: decoder.int16() };
    const members = decoder.array(() => {
      const where = `member "${decoder.string()}" leaving group "${groupId}"`;
      decoder.string(); // instance id
      return { where, errorCode: decoder.int16() };
    });
    checkAll([whole, ...members]);
  },
});
