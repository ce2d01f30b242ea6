/** How strongly a config reacts, and how far. */
export interface SurgeParams {
  /** Multiplier per e-fold of pressure over its average; 0 or more. */
  readonly alpha: number;
  readonly minMultiplier: number;
  readonly maxMultiplier: number;
  /** Weight of the new factor when smoothing, (0, 1]. */
  readonly emaAlpha: number;
}

/** What holds for each value that a config does not give. */
export const defaultSurgeParams: SurgeParams = {
  alpha: 0.3,
  minMultiplier: 0.75,
  maxMultiplier: 1.8,
  emaAlpha: 0.3,
};
