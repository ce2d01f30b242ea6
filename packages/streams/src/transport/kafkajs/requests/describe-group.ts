import type { DescribedGroup } from "../../group-coordinator.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

const nothing = Buffer.alloc(0);

/** DescribeGroups v4 of one group. */
export const describeGroup = (groupId: string): Request<DescribedGroup> => ({
  name: "DescribeGroups",
  about: `group "${groupId}"`,
  apiKey: 15,
  version: 4,
  encode: (encoder) => {
    encoder.writeInt32(1).writeString(groupId);
    encoder.writeBoolean(false); // authorized operations
  },
  decode: (decoder) => {
    decoder.int32(); // throttle time
    const [group] = decoder.array(() => {
      checkCode(decoder.int16(), `describing group "${groupId}"`);
      decoder.string(); // group id
      const state = decoder.string() ?? "";
      decoder.string(); // protocol type
      decoder.string(); // protocol
      const members = decoder.array(() => ({
        memberId: decoder.string() ?? "",
        groupInstanceId: decoder.string(),
        clientId: decoder.string() ?? "",
        clientHost: decoder.string() ?? "",
        metadata: decoder.bytes() ?? nothing,
        assignment: decoder.bytes() ?? nothing,
      }));
      decoder.int32(); // authorized operations
      return { state, members };
    });
    return group ?? { state: "Dead", members: [] };
  },
});
