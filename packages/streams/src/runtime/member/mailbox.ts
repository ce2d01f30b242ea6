import type { Clock } from "../../clock.ts";

/** What came while nobody looked, in order; and the one sleeper that is woken by it. */
export class Mailbox<Letter> {
  readonly #clock: Clock;
  #letters: Letter[] = [];
  #called = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
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
    await new Promise<void>((resolve) => {
      if (this.#called || ms <= 0) {
        this.#clock.setImmediate(resolve);
        return;
      }
      const timer = this.#clock.setTimeout(resolve, ms);
      this.#wake = () => {
        this.#wake = undefined;
        this.#clock.clearTimeout(timer);
        this.#clock.setImmediate(resolve);
      };
    });
    this.#wake = undefined;
    this.#called = false;
  }
}
