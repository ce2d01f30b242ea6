import type { AssignableMember } from "./assignable-member.ts";

/** How near a member is to running a task; the less the nearer. */
export const readiness = {
  /** It was said to be the next: what was begun is brought to its end, whatever else has become as good. */
  next: -1,
  /** It keeps a standby that is caught up, or runs the task. */
  warm: 0,
  /** There is little that it would have to read. */
  caughtUp: 1,
  /** It keeps a standby that is on its way. */
  warming: 2,
  /** A part of the state is on its disk. */
  behind: 3,
  cold: 4,
} as const;

type Readiness = (typeof readiness)[keyof typeof readiness];

interface KnownTask {
  /** Records that its changelogs hold, as far as anybody says. */
  whole: number;
  readonly lags: Map<string, number>;
  /** Members that keep a standby of it now. */
  readonly standbys: Set<string>;
  /** Those that are to run it next. */
  readonly next: Set<string>;
}

/** What all members say of their states. Of a task that nobody speaks of there is nothing to read. */
export class TaskLags {
  readonly #tasks = new Map<string, Map<number, KnownTask>>();
  readonly #keepers = new Map<string, Set<string>>();
  readonly #acceptable: number;

  /** `acceptable`: a member that lacks so many records counts as caught up. */
  constructor(members: readonly AssignableMember[], acceptable: number) {
    this.#acceptable = acceptable;
    for (const { memberId, offers } of members)
      for (const { identity, standbys, next = [], lags = [] } of offers) {
        if (standbys !== undefined) {
          const keepers = this.#keepers.get(identity) ?? new Set<string>();
          this.#keepers.set(identity, keepers.add(memberId));
          for (const partition of standbys) this.#known(identity, partition).standbys.add(memberId);
        }
        for (const partition of next) this.#known(identity, partition).next.add(memberId);
        for (const [partition, lag, whole] of lags) {
          const known = this.#known(identity, partition);
          known.whole = Math.max(known.whole, whole);
          known.lags.set(memberId, lag);
        }
      }
  }

  /** Whether the member can keep a standby of such tasks. */
  mayKeep(memberId: string, identity: string): boolean {
    return this.#keepers.get(identity)?.has(memberId) === true;
  }

  /** Whether anybody has said something of the task's state. */
  knows(identity: string, partition: number): boolean {
    return this.#tasks.get(identity)?.has(partition) === true;
  }

  /** Records that the member would have to read before it could run the task. */
  lagOf(memberId: string, identity: string, partition: number): number {
    const known = this.#tasks.get(identity)?.get(partition);
    return known?.lags.get(memberId) ?? known?.whole ?? 0;
  }

  isCaughtUp(memberId: string, identity: string, partition: number): boolean {
    return this.lagOf(memberId, identity, partition) <= this.#acceptable;
  }

  /** Whether the member keeps a standby of it now. */
  isStandby(memberId: string, identity: string, partition: number): boolean {
    return this.#tasks.get(identity)?.get(partition)?.standbys.has(memberId) === true;
  }

  readinessOf(memberId: string, identity: string, partition: number): Readiness {
    const known = this.#tasks.get(identity)?.get(partition);
    if (known?.next.has(memberId) === true) return readiness.next;
    const keeps = this.isStandby(memberId, identity, partition);
    if (this.isCaughtUp(memberId, identity, partition)) return keeps ? readiness.warm : readiness.caughtUp;
    if (keeps) return readiness.warming;
    return (known?.lags.get(memberId) ?? Infinity) < (known?.whole ?? 0) ? readiness.behind : readiness.cold;
  }

  #known(identity: string, partition: number): KnownTask {
    const tasks = this.#tasks.get(identity) ?? new Map<number, KnownTask>();
    this.#tasks.set(identity, tasks);
    const known = tasks.get(partition) ?? { whole: 0, lags: new Map(), standbys: new Set(), next: new Set() };
    tasks.set(partition, known);
    return known;
  }
}
