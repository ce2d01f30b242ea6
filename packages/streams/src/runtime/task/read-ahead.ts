/** As many effects may wait until the task reads no further. */
const mostWaiting = 1_000;

/**
 * What becomes of records that a task takes while a commit of the earlier ones is waiting for their asynchronous calls.
 *
 * Without it a commit would be a barrier: every commit interval the calls run dry, and with a database that takes its
 * time nothing else happens for most of the interval. With it a commit has a cut: the positions of the sources when it
 * began. Records after the cut are taken meanwhile, and their calls begin. Exactly once still holds, because the
 * transaction that commits the cut has everything that the records before it did, and nothing of those behind it:
 * - up to its first asynchronous call a record may change nothing: no store, sink or repartition topic, no window that
 *   its time closes (`mayReadAhead`), so the call is all that comes of it;
 * - outcomes of those calls are kept by their queue, and go on after the seal, in the order in which they came;
 * - the dead letters and late records among them wait here, and so does the stream time that they bring;
 * - where the transaction is void they are forgotten: the task reads again from its last commit, and calls again, as it
 *   does after a crash;
 * - a task that is given away begins no more of them, and waits for the calls that have begun, so that no call of one key
 *   is under way twice.
 */
export class ReadAhead {
  /** A record behind the cut is being processed. */
  reading = false;
  #waiting: (() => void)[] = [];
  #streamTime = -1;

  /** The task should read no further. */
  get full(): boolean {
    return this.#waiting.length >= mostWaiting;
  }

  /** The stream time of those that were read ahead, when one comes with `timestamp`. */
  sees(timestamp: number): number {
    this.#streamTime = Math.max(this.#streamTime, timestamp);
    return this.#streamTime;
  }

  /** Runs it now, or when the cut is sealed if it is the effect of a record behind the cut. */
  inTurn(effect: () => void): void {
    if (this.reading) this.#waiting.push(effect);
    else effect();
  }

  /** Lets go on what waited. Answers the stream time that was seen meanwhile; -1 for none. */
  release(): number {
    const waiting = this.#waiting;
    const streamTime = this.#streamTime;
    this.#waiting = [];
    this.#streamTime = -1;
    for (const effect of waiting) effect();
    return streamTime;
  }
}
