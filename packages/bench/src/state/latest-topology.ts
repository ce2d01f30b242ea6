import {
  bytes,
  groupByKey,
  peek,
  reduce,
  stream,
  string,
  topic,
  type Topology,
  topology,
} from "@millrace/streams";
import type { StateJob } from "./state-job.ts";

/** The latest value of each key. `onRecord` is called with each record that is read. */
export const latestTopology = (
  { applicationId, input }: Pick<StateJob, "applicationId" | "input">,
  onRecord: () => void,
): Topology =>
  topology(
    applicationId,
    stream(topic(input, { key: string(), value: bytes() })).pipe(
      peek(onRecord),
      groupByKey(),
      reduce({ store: "latest", add: (_, value) => value }),
    ),
  );
