/**
 * Where a task of this member stands.
 * - `wanted`: the group gave it to this member, and nothing was begun yet.
 * - `starting`: its offsets and its state are on their way.
 * - `running`: it takes records.
 * - `draining`: the group takes it away, or the member stops: it takes no more records, and what it did is still to be
 *   committed.
 * - `suspended`: the transaction with its work is void; it waits for a producer.
 * - `resuming`: which of its commits took effect is being asked.
 */
type TaskPhase = "wanted" | "starting" | "running" | "draining" | "suspended" | "resuming";

export interface OwnedTask {
  readonly phase: TaskPhase;
  /** One more with each start of any task: the outcome of an earlier start is nobody's. */
  readonly life: number;
}

/** Steps 1 to 5 of a commit; at most one is under way. */
type CommitPhase =
  | { readonly phase: "idle" }
  /**
   * Steps 1 and 2: tasks take no records until asynchronous work and dirty rows have gone, but for those that may read
   * ahead (`ReadAhead`): what comes of that is in the next commit.
   */
  | { readonly phase: "settling"; readonly id: number; readonly settled: boolean; readonly by: number }
  /** Steps 3 to 5. `closing`: tasks that drained, all of whose work it holds. */
  | { readonly phase: "wire"; readonly id: number; readonly closing: readonly string[]; readonly by: number };

/** An answer that somebody waits for. `by`: when it is given at the latest, whatever is lost by that. */
export type Debt =
  | {
      readonly to: "revoked";
      readonly token: number;
      readonly tasks: readonly string[];
      readonly by: number;
    }
  | { readonly to: "join"; readonly token: number; readonly by: number }
  | { readonly to: "stop"; readonly token: number; readonly by: number };

/**
 * All that decides what a member may do. Changed by `step` and by nothing else. Times are ms of the monotonic clock; one
 * epoch is the life of one producer.
 */
export interface MemberState {
  readonly life: "running" | "stopping" | "stopped";
  /** The group counts this process among its members. */
  readonly member: boolean;
  /** A join is on the wire, which may change the generation: no commit begins to be sent meanwhile. */
  readonly joining: boolean;
  readonly epoch: number;
  readonly producer: { readonly phase: "none" | "open" } | { readonly phase: "opening"; readonly by: number };
  readonly tasks: ReadonlyMap<string, OwnedTask>;
  readonly commit: CommitPhase;
  readonly debts: readonly Debt[];
  /** When what failed is tried again; undefined: nothing waits for that. */
  readonly retryAt: number | undefined;
  /** Failures in a row, for the time between two tries. */
  readonly failures: number;
  /** The greatest life and commit number given so far. */
  readonly lives: number;
  readonly commits: number;
}

export const initialState: MemberState = {
  life: "running",
  member: false,
  joining: false,
  epoch: 0,
  producer: { phase: "none" },
  tasks: new Map(),
  commit: { phase: "idle" },
  debts: [],
  retryAt: undefined,
  failures: 0,
  lives: 0,
  commits: 0,
};

/** Whether tasks may take records and punctuate now: not between the beginning of a commit and its seal. */
export const mayProcess = ({ commit, producer, life }: MemberState): boolean =>
  commit.phase !== "settling" && producer.phase === "open" && life !== "stopped";

/** The next moment at which something is overdue, ms of the monotonic clock; infinite when nothing is owed. */
export const nextDeadline = ({ commit, producer, debts, retryAt }: MemberState): number =>
  Math.min(
    commit.phase === "idle" ? Number.POSITIVE_INFINITY : commit.by,
    producer.phase === "opening" ? producer.by : Number.POSITIVE_INFINITY,
    retryAt ?? Number.POSITIVE_INFINITY,
    ...debts.map(({ by }) => by),
  );

/** Ids of the tasks in these phases. */
export const idsOf = ({ tasks }: MemberState, ...phases: readonly TaskPhase[]): readonly string[] =>
  [...tasks].filter(([, { phase }]) => phases.includes(phase)).map(([id]) => id);
