/** A fault that is put into the runtime, to see whether the simulation finds it. */
export interface Mutation {
  /** What goes wrong by it. */
  readonly name: string;
  /** Path below `packages/streams/src`. */
  readonly file: string;
  /** Text that is there exactly once, and what comes in its place. */
  readonly find: string;
  readonly replace: string;
  /** The workload that shows it soonest; all of them in turn, unless said. */
  readonly workload?: string;
}
