import { Observable, Subscriber } from "rxjs";
import type { AnyRecord } from "../../stages.ts";
import type { RecordCount } from "../metrics/record-count.ts";

/** The same records, counted as they pass. */
export const counted = (records: Observable<AnyRecord>, count: RecordCount): Observable<AnyRecord> =>
  new Observable((out) => records.subscribe(new CountingSubscriber(out, count)));

/** RxJS wraps whatever else subscribes; a Subscriber it takes as it is, so that counting is one call per record. */
class CountingSubscriber extends Subscriber<AnyRecord> {
  readonly #count: RecordCount;

  constructor(destination: Subscriber<AnyRecord>, count: RecordCount) {
    super(destination);
    this.#count = count;
  }

  protected override _next(record: AnyRecord): void {
    this.#count.records++;
    this.destination.next(record);
  }
}
