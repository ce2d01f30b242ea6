import type { Guarantee } from "@millrace/streams";

/** What an engine is told to do with the state of one application. */
export interface StateJob {
  readonly brokers: string;
  readonly applicationId: string;
  readonly input: string;
  readonly guarantee: Guarantee;
  /** What is counted with: of the input, or of what is taken over. */
  readonly records: number;
  /**
   * `keep`: the latest value of each key, until told that all is committed. `restore`: reads the state back, and ends.
   * `member`: tells which tasks it has, and ends once it has taken those of another member over.
   */
  readonly phase: "keep" | "restore" | "member";
  /** Where state is kept; undefined: in memory. */
  readonly stateFolder: string | undefined;
  readonly standbys: number;
}

/** Which tasks a member has, as it tells. */
export interface MemberTasks {
  readonly active: number;
  readonly standby: number;
  /** Records that its standbys lack. */
  readonly lag: number;
}
