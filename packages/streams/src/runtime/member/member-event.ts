/**
 * What happens to a member. `at`: ms of the monotonic clock. `token` names who waits for an answer. Outcomes carry the
 * epoch, life or commit that they belong to, so that one of another is nobody's.
 */
export type MemberEvent = { readonly at: number } & (
  | { readonly type: "assigned"; readonly tasks: readonly string[] }
  | { readonly type: "revoked"; readonly tasks: readonly string[]; readonly token: number }
  /** A join is about to be sent. */
  | { readonly type: "joining"; readonly token: number }
  /** The group has settled, with this member in it. */
  | { readonly type: "joined" }
  /** The group has gone on without this member: others have its tasks. */
  | { readonly type: "lost" }
  | { readonly type: "opened"; readonly epoch: number }
  | { readonly type: "notOpened"; readonly epoch: number }
  | { readonly type: "started"; readonly task: string; readonly life: number }
  | { readonly type: "notStarted"; readonly task: string; readonly life: number }
  /** The tasks are at their last durable commit; `anew`: of these that could not be told. */
  | {
      readonly type: "resumed";
      readonly epoch: number;
      readonly tasks: readonly string[];
      readonly anew: readonly string[];
    }
  /** It is time for a commit. */
  | { readonly type: "due" }
  | { readonly type: "settled"; readonly commit: number }
  | { readonly type: "durable"; readonly commit: number }
  /** The transaction of this epoch is lost, or must be: a commit failed, a record is to be tried again. */
  | { readonly type: "void"; readonly epoch: number }
  /** Others had better go on: asynchronous work does not settle, or a task has failed. */
  | { readonly type: "giveUp" }
  /** A deadline has passed: the state knows which. */
  | { readonly type: "overdue" }
  | { readonly type: "stop"; readonly token: number; readonly by: number }
);

/** How long what is owed may take, ms. */
export interface MemberLimits {
  /** From a revocation to its answer. */
  readonly revokeMs: number;
  /** From the wish to join to the answer that no commit is on the wire. */
  readonly joinMs: number;
  /** From the beginning of a commit until nothing is dirty or in flight (`max.poll.interval.ms`). */
  readonly settleMs: number;
  /** From the seal of a commit until it is durable: after the transaction's time-out it can't be any more. */
  readonly wireMs: number;
  readonly openMs: number;
  /** Between a failure and the next try, at first; doubles up to `longestRetryMs`. */
  readonly retryMs: number;
  readonly longestRetryMs: number;
}
