import { CommittedNumbers } from "../topics/committed-numbers.ts";
import type { CommittedNumber } from "./task-context.ts";

/** The numbers that a task's operators commit with its source offsets, by name. */
export class TaskNumbers {
  readonly #numbers = new Map<string, CommittedNumber>();
  #committed = new CommittedNumbers(new Map());

  /** Before the operators are wired: what the last commit says. */
  restore(committed: CommittedNumbers): void {
    this.#committed = committed;
  }

  /** What the next commit says. */
  get all(): ReadonlyMap<string, number> {
    const numbers = new Map(this.#committed.named);
    for (const [name, { value }] of this.#numbers) numbers.set(name, value);
    return numbers;
  }

  /** Its operator's to set; -1 before the first. */
  of(name: string): CommittedNumber {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = { value: this.#committed.get(name) ?? -1 };
      this.#numbers.set(name, number);
    }
    return number;
  }

  /** A time, which is at least what a store has `shown` where the state goes with what was committed. */
  time(name: string, shown: number): CommittedNumber {
    const time = this.of(name);
    if (this.#committed.goOn && shown > time.value) time.value = shown;
    return time;
  }
}
