import fc from "fast-check";
import { wireProperties } from "../../streams/test/wire-properties.ts";
import type { FuzzTarget } from "./fuzz-target.ts";

/** Inputs of one kind in a row. */
const inARow = 10;

/** What brokers send: record batches, compressed data, answers of the protocol, in any order. */
export const wireTarget: FuzzTarget = {
  name: "the wire",
  property: () =>
    fc.property(fc.constantFrom(...wireProperties), fc.integer(), ({ name, property }, seed) => {
      const details = fc.check(property() as fc.IProperty<unknown>, { seed, numRuns: inARow });
      if (details.failed) throw new Error(`not so: ${name}\n${fc.defaultReportMessage(details) ?? ""}`);
    }),
};
