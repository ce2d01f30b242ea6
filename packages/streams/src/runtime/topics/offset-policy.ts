import type { OffsetSpec } from "../../transport/transport.ts";

/** What an application does where its offsets, its state and the logs do not belong together; see `AppOptions`. */
export interface OffsetPolicy {
  readonly startFrom: OffsetSpec;
  /** Undefined: on with the first record left below the log, stop or the end beyond it, as is safe. */
  readonly onOffsetOutOfRange: OffsetSpec | "fail" | undefined;
  readonly onStateWithoutOffsets: "fail" | "continue";
  readonly onOffsetsWithoutState: "fail" | "continue" | "rewind";
  readonly onTopicRecreated: "fail" | "restart";
}
