import { CommittedNumbers } from "../topics/committed-numbers.ts";
import type { SourcePosition, SourceQueue } from "./source-queue.ts";

/** How far a task had come at a commit. */
export interface CommitPoint {
  /** Its number; 0 for where the task began. */
  readonly commit: number;
  /** Of each queue, in order. */
  readonly positions: readonly SourcePosition[];
  /** The operators' numbers. */
  readonly numbers: CommittedNumbers;
}

/** How far a task is known to have come: its last durable commit, and the one that is on the wire. */
export class TaskProgress {
  lastCommit: CommitPoint = { commit: 0, positions: [], numbers: new CommittedNumbers(new Map()) };
  sealed: CommitPoint | undefined;

  begin(queues: readonly SourceQueue[], numbers: CommittedNumbers): void {
    this.lastCommit = { commit: 0, positions: positionsOf(queues), numbers };
  }

  /** Whether a queue stands elsewhere than at the last seal: also past what held no record for it. */
  hasMoved(queues: readonly SourceQueue[]): boolean {
    const { positions } = this.sealed ?? this.lastCommit;
    return queues.some(({ position }, at) => position !== positions[at]?.offset);
  }

  seal(commit: number, queues: readonly SourceQueue[], numbers: ReadonlyMap<string, number>): CommitPoint {
    this.sealed = { commit, positions: positionsOf(queues), numbers: new CommittedNumbers(numbers) };
    return this.sealed;
  }

  committed(): void {
    if (this.sealed !== undefined) this.lastCommit = this.sealed;
    this.sealed = undefined;
  }

  revert(): void {
    this.sealed = undefined;
  }
}

const positionsOf = (queues: readonly SourceQueue[]): readonly SourcePosition[] =>
  queues.map(({ position, partitionTime }) => ({ offset: position, partitionTime }));
