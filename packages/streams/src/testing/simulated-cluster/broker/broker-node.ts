/** One broker of the cluster. */
export interface BrokerNode {
  readonly id: number;
  /** Its process runs; where it does not, connections to it are refused. */
  up: boolean;
  /** Until when it is frozen, ms of the cluster's monotonic time: what is sent to it waits. */
  frozenUntil: number;
}
