import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";
import type { BrokerAddress } from "./metadata.ts";

/**
 * FindCoordinator v1: the broker in charge of a group or a transactional id. It comes with its address: metadata that was
 * learned while it was away does not have it.
 */
export const findCoordinator = (key: string, type: "group" | "transaction"): Request<BrokerAddress> => ({
  name: "FindCoordinator",
  about: coordinatedText(key, type),
  apiKey: 10,
  version: 1,
  timeoutMs: 10_000,
  encode: (encoder) => {
    encoder.writeString(key).writeInt8(type === "group" ? 0 : 1);
  },
  decode: (decoder) => {
    decoder.int32();
    const errorCode = decoder.int16();
    const message = decoder.string();
    const address = { node: decoder.int32(), host: decoder.string() ?? "", port: decoder.int32() };
    checkCode(errorCode, `the coordinator of ${coordinatedText(key, type)}`, message);
    return address;
  },
});

const coordinatedText = (key: string, type: "group" | "transaction"): string =>
  `${type === "group" ? "group" : "transactional id"} "${key}"`;
