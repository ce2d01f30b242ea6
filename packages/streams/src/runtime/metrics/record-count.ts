/** Records and bytes of one topic, or one store, of a task. */
export class RecordCount {
  /** Of the topic or store. */
  readonly name: string;
  records = 0;
  bytes = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/** One of each, made when it is first asked for: whoever counts keeps what it is given. */
export class RecordCounts {
  readonly #counts = new Map<string, RecordCount>();

  of(name: string): RecordCount {
    let count = this.#counts.get(name);
    if (count === undefined) {
      count = new RecordCount(name);
      this.#counts.set(name, count);
    }
    return count;
  }

  get all(): Iterable<RecordCount> {
    return this.#counts.values();
  }

  get records(): number {
    let records = 0;
    for (const count of this.#counts.values()) records += count.records;
    return records;
  }
}
