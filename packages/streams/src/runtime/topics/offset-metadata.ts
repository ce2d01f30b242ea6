import { readInt64, writeInt64 } from "../../state/int64.ts";

/** What is committed beside an offset. */
export interface OffsetMetadata {
  /** Greatest timestamp of the records up to the offset, ms; -1 when there was none. */
  readonly partitionTime: number;
  /** Times of operators that have one of their own, ms, by name. */
  readonly processors: ReadonlyMap<string, number>;
}

/** Version 1 had no processors. */
const version = 2;
const header = 9;

/** Base64 of version | int64 partition time | int32 count | (int32 length | name | int64 time)*, as the JVM's `TopicPartitionMetadata`. */
export const encodeOffsetMetadata = ({ partitionTime, processors }: OffsetMetadata): string => {
  const head = Buffer.alloc(processors.size === 0 ? header : header + 4);
  head[0] = version;
  writeInt64(head, 1, partitionTime);
  if (processors.size > 0) head.writeInt32BE(processors.size, header);
  const parts = [head];
  for (const [name, time] of processors) {
    const length = Buffer.byteLength(name);
    const part = Buffer.alloc(4 + length + 8);
    part.writeInt32BE(length);
    part.write(name, 4);
    writeInt64(part, 4 + length, time);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("base64");
};

/** As the JVM, reads what is no such metadata (none, or another client's) as a partition without a time. */
export const decodeOffsetMetadata = (text: string): OffsetMetadata => {
  const processors = new Map<string, number>();
  const bytes = Buffer.from(text, "base64");
  if (bytes.length < header || (bytes[0] !== 1 && bytes[0] !== version))
    return { partitionTime: -1, processors };
  const partitionTime = readInt64(bytes, 1);
  if (bytes.length < header + 4) return { partitionTime, processors };
  let at = header + 4;
  for (let left = bytes.readInt32BE(header); left > 0; left--) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end + 8 > bytes.length) break;
    processors.set(bytes.toString("utf8", at + 4, end), readInt64(bytes, end));
    at = end + 8;
  }
  return { partitionTime, processors };
};
