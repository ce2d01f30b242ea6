import type { ProducerIdentity } from "../../producer-identity.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

/** InitProducerId v1: a new epoch; an open transaction of the earlier one is aborted. */
export const initProducerId = (
  transactionalId: string | null,
  timeoutMs: number,
): Request<ProducerIdentity> => ({
  name: "InitProducerId",
  ...(transactionalId !== null && { about: `transactional id "${transactionalId}"` }),
  apiKey: 22,
  version: 1,
  encode: (encoder) => {
    encoder.writeString(transactionalId).writeInt32(timeoutMs);
  },
  decode: (decoder) => {
    decoder.int32();
    checkCode(
      decoder.int16(),
      transactionalId === null ? "InitProducerId" : `InitProducerId of transactional id "${transactionalId}"`,
    );
    return { producerId: decoder.bigInt64(), producerEpoch: decoder.int16() };
  },
});
