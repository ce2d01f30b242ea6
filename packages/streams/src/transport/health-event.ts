/** A broker does not answer, or does again. Told once for each. */
export interface HealthEvent {
  /** `host:port`. */
  readonly broker: string;
  /** Its id in the cluster; -1 before that is known. */
  readonly node: number;
  readonly state: "unreachable" | "reachable";
  /** What it was asked, with group or transactional id where there is one. */
  readonly request: string;
  /** How long it has not answered, ms. */
  readonly sinceMs: number;
}
