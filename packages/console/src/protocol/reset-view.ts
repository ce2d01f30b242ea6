/** What a reset does, or has done. */
export interface ResetView {
  readonly application: string;
  readonly offsets: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly committed: number;
    /** Where it begins again. */
    readonly target: number;
  }[];
  /** Topics that are deleted; changelogs are made anew. */
  readonly internal: readonly string[];
}
