import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptRows, type TaskState } from "@millrace/streams";
import { afterEach, expect, test } from "vitest";
import { lmdbState } from "./lmdb-state.ts";
import { readState, type StoredTask } from "./read-state.ts";

let directory = "";
const fresh = (): string => (directory = mkdtempSync(join(tmpdir(), "read-state-")));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const task = (partition: number) => ({
  id: `counts-0000_${partition}`,
  stores: [
    { name: "counts", kind: "keyValue", changelogTopicId: "t" },
    { name: "empty", kind: "window", changelogTopicId: undefined },
  ],
});

/** Writes rows as a key-value store lays them out: `0 | key` and `int64 timestamp | value`. */
const put = (state: TaskState, rows: Readonly<Record<string, string>>, position: number): Promise<void> => {
  const store = state.store("counts");
  const batch = store.batch();
  for (const [key, value] of Object.entries(rows))
    batch.put(
      Buffer.concat([Buffer.of(0), Buffer.from(key)]),
      Buffer.concat([Buffer.alloc(8), Buffer.from(value)]),
    );
  return store.write(batch, position);
};

const shown = ({ id, partition, stores }: StoredTask) => ({
  id,
  partition,
  stores: stores.map((store) => ({
    name: store.name,
    kind: store.kind,
    position: store.position,
    rows:
      store.name === "counts"
        ? [...keptRows("keyValue", store)].map(({ key, value }) => `${String(key)}=${String(value)}`)
        : [...keptRows("window", store)],
  })),
});

test("reads what is there, task by task, while its owner has it open, and changes nothing", async () => {
  const state = await lmdbState({ directory: fresh() });
  const first = await state.openTask(task(0));
  const second = await state.openTask(task(1));
  await put(first, { a: "1", b: "2" }, 7);
  await put(second, { c: "3" }, 9);
  const before = readFileSync(join(directory, "counts-0000_0", "data.mdb"));
  const found = [];
  for await (const one of readState(directory)) found.push(shown(one));
  const empty = { name: "empty", kind: "window", position: -1, rows: [] };
  expect(found).toEqual([
    {
      id: "counts-0000_0",
      partition: 0,
      stores: [{ name: "counts", kind: "keyValue", position: 7, rows: ["a=1", "b=2"] }, empty],
    },
    {
      id: "counts-0000_1",
      partition: 1,
      stores: [{ name: "counts", kind: "keyValue", position: 9, rows: ["c=3"] }, empty],
    },
  ]);
  expect(readFileSync(join(directory, "counts-0000_0", "data.mdb")).equals(before)).toBe(true);
  // Its owner goes on.
  await put(first, { a: "4" }, 8);
  expect(first.store("counts").position).toBe(8);
  await first.close();
  await second.close();
  await state.close();
  for await (const one of readState(directory)) {
    expect(shown(one).stores[0]?.rows).toEqual(["a=4", "b=2"]);
    break;
  }
});

test("sees one state of a task, however long it looks and whatever is written meanwhile", async () => {
  const state = await lmdbState({ directory: fresh() });
  const owner = await state.openTask(task(0));
  const rows = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, "old"]));
  await put(owner, rows, 1);
  let count = 0;
  for await (const { stores } of readState(directory))
    for (const { key, value } of keptRows("keyValue", stores[0] ?? { range: () => [] })) {
      if (++count % 150 === 1)
        await put(
          owner,
          Object.fromEntries(Object.keys(rows).map((name) => [name, `new ${count}`])),
          1 + count,
        );
      expect(`${String(key)}=${String(value)}`).toMatch(/=old$/);
    }
  expect(count).toBe(300);
  await owner.close();
  await state.close();
});

test("refuses what holds no state, and what can't be read", async () => {
  const read = async (): Promise<void> => {
    for await (const one of readState(directory)) shown(one);
  };
  fresh();
  await expect(read()).rejects.toMatchObject({ code: "STATE_UNREADABLE", message: /holds no state/ });
  // As a service has it: a directory for each application below STATE_DIR.
  const application = join(directory, "count-clicks");
  mkdirSync(join(application, "counts-0000_0"), { recursive: true });
  writeFileSync(join(application, "counts-0000_0", "data.mdb"), "");
  await expect(read()).rejects.toMatchObject({
    message: expect.stringMatching(/such as "[^"]*count-clicks"/) as unknown,
  });
  mkdirSync(join(directory, "counts-0000_0"));
  writeFileSync(join(directory, "counts-0000_0", "data.mdb"), Buffer.alloc(9_000, 1));
  await expect(read()).rejects.toMatchObject({
    code: "STATE_UNREADABLE",
    message: /the state of task counts-0000_0 can't be read: the file is no LMDB environment/,
  });
});
