import type { RecordCount } from "../metrics/record-count.ts";
import { RecordFlow } from "./record-flow.ts";

/** What a node makes of its `inputs`, counted: in its own flow, or, where it hands an input through, in one behind that. */
export const counted = (out: RecordFlow, inputs: readonly RecordFlow[], count: RecordCount): RecordFlow => {
  if (!inputs.includes(out)) {
    out.count = count;
    return out;
  }
  const flow = new RecordFlow();
  flow.count = count;
  out.each((record) => flow.next(record));
  return flow;
};
