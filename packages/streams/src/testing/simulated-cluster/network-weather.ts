/** What becomes of one request. */
export interface Fate {
  /** How long it is on its way, ms. */
  readonly thereMs: number;
  /** How long its answer is on its way, ms. */
  readonly backMs: number;
  /** Lost on its way there, or once it took effect; either way the connection breaks. */
  readonly lost: "no" | "request" | "answer";
}

/** Decides what becomes of each request, by the name of the process and of the request (`Produce`, `JoinGroup`, ...). */
export type NetworkWeather = (process: string, request: string) => Fate;

/** Every message arrives, after as long as `latencyMs` says. */
export const fairWeather =
  (latencyMs: () => number): NetworkWeather =>
  () => ({ thereMs: latencyMs(), backMs: latencyMs(), lost: "no" });
