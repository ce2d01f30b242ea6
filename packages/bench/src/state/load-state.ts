import type { Transport } from "@millrace/streams";
import { fillTopics } from "../fill-topics.ts";

/** Prime to every number of keys that has no such factor: neighbours in the input are no neighbours in a store. */
const stride = 7_919;

export interface StateToLoad {
  readonly topic: string;
  readonly records: number;
  readonly keys: number;
  readonly valueBytes: number;
}

/** Creates the topic and fills it with values of that many bytes, each key as often as any other. */
export const loadState = (
  transport: Transport,
  { topic, records, keys, valueBytes }: StateToLoad,
): Promise<void> =>
  fillTopics(transport, [topic], records, (n) => {
    const key = Buffer.from(`key-${String((n * stride) % keys).padStart(12, "0")}`);
    // Not kept by the producer for long, but until it is sent.
    const value = Buffer.alloc(valueBytes, 0x61);
    value.writeUInt32BE(n, 0);
    return { topic, key, value, timestamp: n };
  });
