/** A callback and when it is due. */
export interface HeapTimer {
  /** ms of the heap's owner. */
  readonly at: number;
  /** Decides between timers of one moment: the smaller one goes first. */
  readonly order: number;
  /** undefined once it is cleared. */
  callback: (() => void) | undefined;
}

const before = (a: HeapTimer, b: HeapTimer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap of timers, the next one first. Cleared ones stay until their time comes, and are passed over. */
export class TimerHeap {
  readonly #heap: HeapTimer[] = [];

  push(timer: HeapTimer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as HeapTimer;
      if (before(above, timer)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = timer;
  }

  /** The next one, which stays. */
  peek(): HeapTimer | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.callback !== undefined) return first;
      this.#removeFirst();
    }
  }

  /** The next one, which is taken out. */
  pop(): HeapTimer | undefined {
    const first = this.peek();
    if (first !== undefined) this.#removeFirst();
    return first;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop() as HeapTimer;
    const { length } = heap;
    if (length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && before(heap[child + 1] as HeapTimer, heap[child] as HeapTimer)) child++;
      const below = heap[child] as HeapTimer;
      if (before(last, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}
