import type { Clock } from "../../clock.ts";

/** What came while nobody looked, in order; and the one sleeper that is woken by it. */
export class Mailbox<Letter> {
  readonly #clock: Clock;
  readonly #woke: (lateMs: number) => void;
  #letters: Letter[] = [];
  #called = false;
  #wake: (() => void) | undefined;

  /** `woke` is told of each sleep by how much longer than it had to it lasted: the event loop was busy with others. */
  constructor(clock: Clock, woke: (lateMs: number) => void = () => undefined) {
    this.#clock = clock;
    this.#woke = woke;
  }

  post(letter: Letter): void {
    this.#letters.push(letter);
    this.wake();
  }

  /** Everything that came since the last call. */
  take(): readonly Letter[] {
    const letters = this.#letters;
    this.#letters = [];
    return letters;
  }

  /** Something has changed: the sleeper, now or when it next lies down, is woken. */
  wake(): void {
    this.#called = true;
    this.#wake?.();
  }

  /** Resolves once sockets and timers have had their turn, and not before `ms` have passed unless it is woken. */
  async sleep(ms: number): Promise<void> {
    const clock = this.#clock;
    let due = clock.monotonic();
    await new Promise<void>((resolve) => {
      if (this.#called || ms <= 0) {
        clock.setImmediate(resolve);
        return;
      }
      due += ms;
      const timer = clock.setTimeout(resolve, ms);
      this.#wake = () => {
        this.#wake = undefined;
        due = Math.min(due, clock.monotonic());
        clock.clearTimeout(timer);
        clock.setImmediate(resolve);
      };
    });
    this.#wake = undefined;
    this.#called = false;
    this.#woke(Math.max(0, clock.monotonic() - due));
  }
}
