import { Encoder } from "./encoder.ts";
import type { Request } from "./request.ts";

/**
 * A request as it goes over the wire: its size, header v1, body. A flexible request (KIP-482) has header v2, whose
 * only addition is a field of tags at its end; such a request writes that field itself, as its first byte.
 */
export const frame = (
  request: Request<unknown>,
  correlationId: number,
  clientId: string,
): readonly Buffer[] => {
  const { apiKey, version, encode } = request;
  const encoder = new Encoder();
  encoder
    .writeInt32(0)
    .writeInt16(apiKey)
    .writeInt16(version)
    .writeInt32(correlationId)
    .writeString(clientId);
  encode(encoder);
  const parts = encoder.finish();
  parts[0]?.writeInt32BE(encoder.byteLength - 4, 0);
  return parts;
};
