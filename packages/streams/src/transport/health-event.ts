/**
 * A broker does not answer, or does again; or brokers answer that they can't do something (a partition has no leader or
 * too few replicas in sync, a group has no coordinator), or can again. Told once for each.
 */
export interface HealthEvent {
  /** `host:port`; "" where it is no matter of one broker: `request` says what it is about. */
  readonly broker: string;
  /** Its id in the cluster; -1 where there is none, or before that is known. */
  readonly node: number;
  readonly state: "unreachable" | "reachable";
  /** What was asked, with partition, group or transactional id where there is one, and what was answered. */
  readonly request: string;
  /** How long it has not been answered, ms. */
  readonly sinceMs: number;
}
