import type { SchemaRegistry } from "@millrace/avro";
import { partitionsOf, readToEnd } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";
import { totalsTopic } from "./hourly-topics.ts";

const framing = 5;

/** Reads what is committed of the output, and throws unless the last totals of all keys and hours make `records`. */
export const checkTotals = async (
  transport: Transport,
  registry: SchemaRegistry,
  output: string,
  records: number,
): Promise<void> => {
  const { value: serde } = totalsTopic(registry, output);
  // The JVM writes without a registry, as its schema id does not matter to it: ours stands in front of the same bytes.
  await serde.start?.({ topic: output, part: "value", use: "sink" });
  const own = serde.serialize({ subLocationId: "", hour: 0, bookingsCount: 0, totalAttendees: 0 });
  if (own === null) throw new Error("a total serializes to null");
  const head = Buffer.from(own.subarray(0, framing));
  await serde.prepare?.(head, 0, framing);

  const totals = new Map<number, Map<string, number>>();
  await readToEnd(transport, await partitionsOf(transport, [output]), ({ buffer, valueStart, valueEnd }) => {
    head.copy(buffer, valueStart);
    const { subLocationId, hour, bookingsCount } = serde.deserialize(buffer, valueStart, valueEnd);
    const ofHour = totals.get(hour) ?? new Map<string, number>();
    totals.set(hour, ofHour.set(subLocationId, bookingsCount));
  });
  let sum = 0;
  for (const ofHour of totals.values()) for (const bookings of ofHour.values()) sum += bookings;
  if (sum !== records)
    throw new Error(`the totals in "${output}" make ${sum} records, and ${records} were sent`);
};
