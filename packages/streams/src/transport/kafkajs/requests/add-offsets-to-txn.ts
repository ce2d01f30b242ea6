import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";
import type { ProducerIdentity } from "../../producer-identity.ts";

/** AddOffsetsToTxn v1. */
export const addOffsetsToTxn = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  groupId: string,
): Request<void> => ({
  name: "AddOffsetsToTxn",
  about: `transactional id "${transactionalId}"`,
  apiKey: 25,
  version: 1,
  encode: (encoder) => {
    encoder
      .writeString(transactionalId)
      .writeInt64(producerId)
      .writeInt16(producerEpoch)
      .writeString(groupId);
  },
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), `AddOffsetsToTxn of group "${groupId}"`);
  },
});
