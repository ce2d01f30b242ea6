import { type HashedNumbers, hashedName } from "./compact-numbers.ts";

/** Numbers of operators as they were committed with a task's source offsets: found by their names. */
export class CommittedNumbers {
  /** Those whose names are known: they are committed again also if no operator asks for them. */
  readonly named: ReadonlyMap<string, number>;
  /**
   * An application has committed the offsets, this one or a JVM's that knows other numbers, so that state goes with them:
   * nobody has set them by hand.
   */
  readonly goOn: boolean;
  readonly #hashed: readonly HashedNumbers[];

  constructor(
    named: ReadonlyMap<string, number>,
    hashed: readonly HashedNumbers[] = [],
    goOn: boolean = false,
  ) {
    this.named = named;
    this.#hashed = hashed;
    this.goOn = goOn;
  }

  /** Undefined where none was committed under this name. */
  get(name: string): number | undefined {
    let greatest = this.named.get(name);
    for (const { salt, hashBytes, numbers } of this.#hashed) {
      const value = numbers.get(hashedName(name, salt, hashBytes));
      if (value !== undefined && (greatest === undefined || value > greatest)) greatest = value;
    }
    return greatest;
  }

  /** The greatest of each name: they only grow, and those of a partition that was committed earlier are older. */
  static merged(all: readonly CommittedNumbers[], goOn = false): CommittedNumbers {
    const named = new Map<string, number>();
    for (const numbers of all)
      for (const [name, value] of numbers.named)
        named.set(name, Math.max(value, named.get(name) ?? Number.NEGATIVE_INFINITY));
    return new CommittedNumbers(
      named,
      all.flatMap((numbers) => numbers.#hashed),
      goOn,
    );
  }

  /** These, and others under names of their own. */
  with(others: ReadonlyMap<string, number>): CommittedNumbers {
    return new CommittedNumbers(new Map([...this.named, ...others]), this.#hashed, this.goOn);
  }
}
