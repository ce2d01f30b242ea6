import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

/** FindCoordinator v1: the node id of the broker in charge of a group or a transactional id. */
export const findCoordinator = (key: string, type: "group" | "transaction"): Request<number> => ({
  name: "FindCoordinator",
  apiKey: 10,
  version: 1,
  timeoutMs: 10_000,
  encode: (encoder) => {
    encoder.writeString(key).writeInt8(type === "group" ? 0 : 1);
  },
  decode: (decoder) => {
    decoder.int32();
    const errorCode = decoder.int16();
    decoder.string();
    const nodeId = decoder.int32();
    checkCode(errorCode, `coordinator of ${type} "${key}"`);
    return nodeId;
  },
});
