import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteBatch, ByteStore, KeptTask, StateBackend, TaskState } from "@millrace/streams";
import { openStore, storeContract } from "@millrace/streams/testing";
import { afterEach, expect, test } from "vitest";
import { lmdbState } from "./index.ts";

const directories: string[] = [];
const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "millrace-lmdb-"));
  directories.push(directory);
  return directory;
};

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const task = (changes: Partial<KeptTask> = {}): KeptTask => ({
  id: "counts_0",
  stores: [
    { name: "a", kind: "keyValue", changelogTopicId: "1" },
    { name: "b", kind: "keyValue", changelogTopicId: "2" },
  ],
  ...changes,
});

const bytes = (of: string): Buffer => Buffer.from(of);
const text = (of: Uint8Array): string => Buffer.from(of).toString();

/** Opens a directory, does something with a task's state, and closes all. */
const using = async <T>(
  directory: string,
  kept: KeptTask,
  use: (state: TaskState, backend: StateBackend) => Promise<T> | T,
  lines: string[] = [],
): Promise<T> => {
  const backend = await lmdbState({ directory, log: (_, line) => lines.push(line) });
  try {
    const state = await backend.openTask(kept);
    try {
      return await use(state, backend);
    } finally {
      await state.close();
    }
  } finally {
    await backend.close();
  }
};

/** A batch of a store with these rows; null deletes. */
const batchOf = (
  store: ByteStore,
  rows: Iterable<readonly [key: string, value: string | null]>,
): ByteBatch => {
  const batch = store.batch();
  for (const [key, value] of rows) batch.put(bytes(key), value === null ? null : bytes(value));
  return batch;
};

const write = (state: TaskState): Promise<unknown> =>
  Promise.all([
    state.store("a").write(batchOf(state.store("a"), [["k", "v"]]), 7),
    state.store("b").write(batchOf(state.store("b"), [["k", "w"]]), 9),
  ]);

const read = (state: TaskState): readonly unknown[] =>
  ["a", "b"].flatMap((name) => [state.store(name).get(bytes("k"))?.toString(), state.store(name).position]);

test("what was written is there with its position when the directory is opened again", async () => {
  const directory = newDirectory();
  await using(directory, task(), write);
  expect(await using(directory, task(), read)).toEqual(["v", 7, "w", 9]);
});

test("reads see a write at once, in gets and in ranges, both ways", async () => {
  await using(newDirectory(), task(), async (state) => {
    const store = state.store("a");
    const rows = (reverse: boolean): readonly string[] =>
      [...store.range(bytes("a"), bytes("d"), reverse)].map(([key, value]) => `${text(key)}=${text(value)}`);
    await store.write(
      batchOf(
        store,
        ["a", "b", "d"].map((key) => [key, "1"]),
      ),
      1,
    );
    const deletes = batchOf(store, [
      ["b", null],
      ["c", "2"],
    ]);
    const later = store.write(deletes, 2);
    expect(state.pendingBytes).toBeGreaterThan(0);
    for (const moment of ["under way", "on the disk"]) {
      expect([moment, store.get(bytes("b")), rows(false), rows(true)]).toEqual([
        moment,
        undefined,
        ["a=1", "c=2"],
        ["c=2", "a=1"],
      ]);
      await later;
    }
    await state.settled();
    expect(state.pendingBytes).toBe(0);
  });
});

test("the directory is readable by its owner alone, and belongs to one process at a time", async () => {
  const directory = join(newDirectory(), "app");
  const backend = await lmdbState({ directory });
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  await expect(lmdbState({ directory })).rejects.toMatchObject({ code: "STATE_LOCKED" });
  await backend.close();
  const again = await lmdbState({ directory });
  await again.close();
});

test("a directory with a long name is owned by one process, too", async () => {
  const directory = join(newDirectory(), "x".repeat(120));
  const backend = await lmdbState({ directory });
  await expect(lmdbState({ directory })).rejects.toMatchObject({ code: "STATE_LOCKED" });
  await backend.close();
});

test.each<[string, KeptTask, string[], unknown[]]>([
  [
    "another changelog topic",
    task({
      stores: [
        { name: "a", kind: "keyValue", changelogTopicId: "other" },
        { name: "b", kind: "keyValue", changelogTopicId: "2" },
      ],
    }),
    [`threw away the state of store "a" of task counts_0: its changelog topic was deleted and made anew`],
    [undefined, -1, "w", 9],
  ],
  [
    "another kind of store",
    task({
      stores: [
        { name: "a", kind: "window", changelogTopicId: "1" },
        { name: "b", kind: "keyValue", changelogTopicId: "2" },
      ],
    }),
    [`threw away the state of store "a" of task counts_0: it is of the kind window now, not keyValue`],
    [undefined, -1, "w", 9],
  ],
])("state of %s is thrown away, that of other stores is kept", async (_, later, said, expected) => {
  const directory = newDirectory();
  await using(directory, task(), write);
  const lines: string[] = [];
  expect(await using(directory, later, read, lines)).toEqual(expected);
  expect(lines).toEqual(said);
});

test.each<[string, (data: string) => void]>([
  ["is cut off", (data) => truncateSync(data, statSync(data).size - 4_096)],
  ["is no environment", (data) => writeFileSync(data, "x".repeat(20_000))],
])("a file that %s is thrown away, and the log says so", async (_, damage) => {
  const directory = newDirectory();
  await using(directory, task(), async (state) => {
    for (let n = 0; n < 20; n++)
      await state.store("a").write(
        batchOf(
          state.store("a"),
          Array.from({ length: 100 }, (__, at) => [`${n} ${at}`, "v".repeat(100)] as const),
        ),
        n,
      );
    await write(state);
  });
  const [folder] = readdirSync(directory).filter((name) => name.startsWith("counts"));
  damage(join(directory, folder ?? "", "data.mdb"));
  const lines: string[] = [];
  expect(await using(directory, task(), read, lines)).toEqual([undefined, -1, undefined, -1]);
  expect(lines).toMatchObject([
    expect.stringMatching(/threw away the state of task counts_0: it can't be read/),
  ]);
});

test("the state of a task that has moved away is deleted after a while, that of an open one never", async () => {
  const directory = newDirectory();
  await using(directory, task(), write);
  await using(directory, task({ id: "counts_1" }), async (state, backend) => {
    await write(state);
    expect(await backend.cleanUp(60_000)).toEqual([]);
    const old = new Date(Date.now() - 120_000);
    for (const id of ["counts_0", "counts_1"]) utimesSync(join(directory, id, "data.mdb"), old, old);
    expect(await backend.cleanUp(60_000)).toEqual(["counts_0"]);
    expect(readdirSync(directory)).not.toContain("counts_0");
    expect(["counts_0", "counts_1"].map((id) => backend.holds(id))).toEqual([false, true]);
  });
});

storeContract(
  "stores in LMDB",
  async () => {
    const directory = newDirectory();
    const backend = await lmdbState({ directory });
    const stores = ["key-value", "window", "session", "join", "versioned"].map((kind) => ({
      name: `contract-${kind}`,
      kind,
      changelogTopicId: "1",
    }));
    let opened = 0;
    const openTask = (): Promise<TaskState> => backend.openTask({ id: `contract_${opened}`, stores });
    let state = await openTask();
    return {
      open: (definition, hooks) =>
        openStore(definition, { ...hooks, bytes: state.store(definition.name), cacheBytes: 500 }),
      persistent: true,
      settled: async () => {
        await state.close();
        state = await openTask();
      },
      wipe: async () => {
        await state.close();
        opened++;
        state = await openTask();
      },
      close: async () => {
        await state.close();
        await backend.close();
      },
    };
  },
  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract names its tests and asserts
  (name, body) => test(name, { timeout: 120_000 }, body),
  { histories: 3 },
);
