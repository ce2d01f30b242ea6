import type { Mutation } from "./mutation.ts";

const cachedStore = "state/cached-store.ts";

/** State that is read back. */
export const restoreMutations: readonly Mutation[] = [
  {
    name: "the restore leaves out the last record",
    file: cachedStore,
    find: "        this.restoreRow(records);\n",
    replace: "        if (records.offset < nextOffset - 2) this.restoreRow(records);\n",
  },
  {
    name: "the restore ignores deletions",
    file: "state/cached-key-value-store.ts",
    find: "if (known !== undefined) this.detach(known);\n      else this.#serialized",
    replace: "if (known === undefined) this.#serialized",
    workload: "punctuations",
  },
  {
    name: "the restore stops at the last stable offset",
    file: "runtime/topics/listed-offsets.ts",
    find: "transport.listOffsets(partitions, at, false)",
    replace: "transport.listOffsets(partitions, at, true)",
  },
  {
    name: "the operators' numbers are not restored",
    file: "runtime/topics/find-start-positions.ts",
    find: "    sources.map((source) => of(source).metadata.numbers),\n",
    replace: "    [],\n",
    workload: "finals",
  },
  {
    name: "deletions do not reach the changelog",
    file: cachedStore,
    find: "      this.write(this.changelogKey(row), bytes, timestamp);\n",
    replace:
      "      if (bytes === null) return true;\n      this.write(this.changelogKey(row), bytes, timestamp);\n",
    workload: "punctuations",
  },
  {
    name: "expired windows stay in the changelog",
    file: "runtime/member/member-parts.ts",
    find: "expireInChangelog: true,",
    replace: "expireInChangelog: false,",
    workload: "finals",
  },
  {
    name: "old values are lost on their way downstream",
    file: cachedStore,
    find: "for (const listener of this.#listeners) listener(row, old, saved.headers);",
    replace: "for (const listener of this.#listeners) listener(row, undefined, saved.headers);",
    workload: "grouped-table",
  },
];
