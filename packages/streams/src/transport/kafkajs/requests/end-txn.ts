import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";
import type { ProducerIdentity } from "../../producer-identity.ts";

/** EndTxn v1. */
export const endTxn = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  commit: boolean,
): Request<void> => ({
  name: "EndTxn",
  about: `transactional id "${transactionalId}"`,
  apiKey: 26,
  version: 1,
  // An abort that fails is repeated by the broker's own time-out.
  timeoutMs: commit ? 30_000 : 5_000,
  encode: (encoder) => {
    encoder
      .writeString(transactionalId)
      .writeInt64(producerId)
      .writeInt16(producerEpoch)
      .writeBoolean(commit);
  },
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), `EndTxn of "${transactionalId}"`);
  },
});
