/** How a call on a broker is made. */
export interface CallOptions {
  /** How long it may take altogether, repetitions included, ms. It rejects with rank `retry` after that. */
  readonly timeoutMs?: number;
}
