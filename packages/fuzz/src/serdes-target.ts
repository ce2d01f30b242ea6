import { bytes as rawBytes, double, int, json, long, nullable, type Serde, string } from "@millrace/streams";
import fc from "fast-check";
import type { FuzzTarget } from "./fuzz-target.ts";
import { garbage } from "./garbage.ts";

const serdes = [
  string(),
  json(),
  rawBytes(),
  int(),
  long(),
  double(),
] as unknown as readonly Serde<unknown>[];
const all = [...serdes, ...serdes.map((serde) => nullable(serde))] as readonly Serde<unknown>[];

/** The serdes of the streams package: on any bytes and on any value they answer, or throw an Error. */
export const serdesTarget: FuzzTarget = {
  name: "built-in serdes",
  property: () =>
    fc.property(garbage, fc.anything({ withBigInt: true, withDate: true }), (bytes, value) => {
      for (const serde of all) {
        anError(() => serde.deserialize(bytes, 0, bytes.length));
        anError(() => serde.deserialize(bytes, -1, -1));
        anError(() => serde.serialize(value));
      }
    }),
};

/** The runtime makes a MillraceError of it, with the record's coordinates. */
const anError = (run: () => unknown): void => {
  try {
    run();
  } catch (error) {
    if (!(error instanceof Error) || (error.name === "RangeError" && /call stack|memory/.test(error.message)))
      throw error;
  }
};
