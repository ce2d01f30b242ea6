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
  /** Where the queues stood when the commit under way began: what it commits, however far was read ahead since. */
  #cut: readonly SourcePosition[] | undefined;

  begin(queues: readonly SourceQueue[], numbers: CommittedNumbers): void {
    this.lastCommit = { commit: 0, positions: positionsOf(queues), numbers };
  }

  /** Whether a queue stands elsewhere than at the last seal: also past what held no record for it. */
  hasMoved(queues: readonly SourceQueue[]): boolean {
    const { positions } = this.sealed ?? this.lastCommit;
    return this.#positions(queues).some(({ offset }, at) => offset !== positions[at]?.offset);
  }

  cut(queues: readonly SourceQueue[]): void {
    this.#cut = positionsOf(queues);
  }

  release(): void {
    this.#cut = undefined;
  }

  seal(commit: number, queues: readonly SourceQueue[], numbers: ReadonlyMap<string, number>): CommitPoint {
    this.sealed = { commit, positions: this.#positions(queues), numbers: new CommittedNumbers(numbers) };
    return this.sealed;
  }

  committed(): void {
    if (this.sealed !== undefined) this.lastCommit = this.sealed;
    this.sealed = undefined;
  }

  revert(): void {
    this.sealed = undefined;
    this.#cut = undefined;
  }

  #positions(queues: readonly SourceQueue[]): readonly SourcePosition[] {
    return this.#cut ?? positionsOf(queues);
  }
}

const positionsOf = (queues: readonly SourceQueue[]): readonly SourcePosition[] =>
  queues.map(({ position, partitionTime }) => ({ offset: position, partitionTime }));
