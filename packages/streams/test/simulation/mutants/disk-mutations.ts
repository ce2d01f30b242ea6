import type { Mutation } from "./mutation.ts";

const cachedStore = "state/cached-store.ts";
const byteCache = "state/byte-cache.ts";

/** State on disks. */
export const diskMutations: readonly Mutation[] = [
  {
    name: "positions on disks are too far",
    file: byteCache,
    find: "this.#write(sealed, position);",
    replace: "this.#write(sealed, position + 2);",
  },
  {
    name: "positions are on disks without their rows",
    file: byteCache,
    find: "this.bytes.write(changes, position)",
    replace: "this.bytes.write(this.bytes.batch(), position)",
  },
  {
    name: "what a void transaction flushed goes to disks",
    file: byteCache,
    find: "  revert(): void {\n    this.#open = this.bytes.batch();\n    this.#sealed = undefined;\n",
    replace: "  revert(): void {\n",
  },
  {
    name: "a disk that was away is taken for current",
    file: "runtime/member/task-starter.ts",
    find: "from: Math.max(changelog.store.position, begin),",
    replace: "from: changelog.store.position < 0 ? begin : end,",
  },
  {
    name: "rows that have changed leave a cache above a disk",
    file: cachedStore,
    find: "row.dirtyAt < 0 && !this.#epochs.hasChanged(row) && !this.isHeld(row)",
    replace: "row.dirtyAt < 0",
  },
  {
    name: "a store on a disk counts what is committed alone",
    file: "state/cached-key-value-store.ts",
    find: "return this.#rows.size + (this.#serialized?.size ?? 0) + (this.bytes?.size ?? 0);",
    replace: "return this.bytes?.size ?? this.#rows.size + (this.#serialized?.size ?? 0);",
    workload: "finals",
  },
];
