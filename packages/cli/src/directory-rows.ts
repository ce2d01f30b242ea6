import type { RowChoice, StateRow } from "@millrace/operations";
import { keptRows, MillraceError, type StoreDefinition } from "@millrace/streams";

/** A store of a task in a state directory. */
export interface DirectoryStore {
  readonly task: string;
  readonly store: string;
  readonly kind: string;
  readonly partition: number;
  /** Next changelog offset after what is there; -1: none known. */
  readonly position: number;
}

/** The stores of a state directory. Throws a MillraceError STATE_UNREADABLE. */
export async function* directoryStores(directory: string): AsyncGenerator<DirectoryStore> {
  const { readState } = await import("@millrace/lmdb");
  for await (const { id, partition, stores } of readState(directory))
    for (const { name, kind, position } of stores) yield { task: id, store: name, kind, partition, position };
}

/**
 * The rows of a store in a state directory, as they are committed there, also while the application runs. Throws a
 * MillraceError STATE_UNREADABLE, and STORE_UNKNOWN where the directory has no such store.
 */
export async function* directoryRows(
  directory: string,
  store: string,
  { partitions, matches = () => true }: RowChoice,
): AsyncGenerator<StateRow> {
  const { readState } = await import("@millrace/lmdb");
  const others = new Set<string>();
  let found = false;
  for await (const { partition, stores } of readState(directory))
    for (const kept of stores) {
      others.add(kept.name);
      if (kept.name !== store) continue;
      found = true;
      if (partitions !== undefined && !partitions.includes(partition)) continue;
      for (const row of keptRows(kept.kind as StoreDefinition["kind"], kept))
        if (matches(row.key)) yield { ...row, partition };
    }
  if (!found)
    throw new MillraceError(
      `"${directory}" has no store "${store}"; it has ${[...others].map((name) => `"${name}"`).join(", ")}`,
      { code: "STORE_UNKNOWN" },
    );
}
