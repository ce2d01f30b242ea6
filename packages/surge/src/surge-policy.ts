import type { SmoothingSettings } from "./smoothing.ts";

/** What the people who run it allow: the `SURGE_*` settings. */
export interface SurgePolicy extends SmoothingSettings {
  /** False: metrics are consumed and kept as history, nothing is priced. */
  readonly enabled: boolean;
  /** True: nothing is written but the decision log. */
  readonly dryRun: boolean;
}
