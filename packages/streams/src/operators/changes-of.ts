import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { Change } from "../change.ts";
import type { KeyValueStore } from "../state/key-value-store.ts";

/** What a table's store flushes, as the changes that flow downstream: once per key and commit. */
export const changesOf = <K, V>(store: KeyValueStore<K, V>): RecordFlow => {
  const out = new RecordFlow();
  store.onFlush(({ key, value, timestamp }, old, headers) => {
    const change: Change<V> = { newValue: value ?? null, oldValue: old ?? null, isLatest: true };
    out.next({ key, value: change, timestamp, headers });
  });
  return out;
};
