import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyValueStore, long, string } from "@millrace/streams";
import { openStore } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { lmdbState } from "./index.ts";

const rows = 300_000;

test(
  "a large commit is given to the disk at once, and read until it is there",
  { timeout: 240_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "millrace-lmdb-"));
    const backend = await lmdbState({ directory });
    const state = await backend.openTask({
      id: "counts_0",
      stores: [{ name: "counts", kind: "keyValue", changelogTopicId: "1" }],
    });
    try {
      const definition = keyValueStore("counts", { key: string(), value: long() });
      const store = openStore(definition, {
        write: () => undefined,
        timestamp: () => 0,
        writeThrough: false,
        expireInChangelog: true,
        bytes: state.store("counts"),
        refused: (error) => {
          throw error;
        },
      });
      for (let at = 0; at < rows; at++) store.put(`${at}`, at);
      store.flush();
      // What is held for the commit counts: the row, its key and value for the disk, and what it was before.
      expect(store.dirtyBytes).toBeGreaterThan(rows * 200);
      store.seal(1);
      // Of this thread: it goes on while the writer's has the commit.
      const before = process.threadCpuUsage();
      store.committed(1, rows);
      const { user, system } = process.threadCpuUsage(before);
      expect((user + system) / 1_000, "ms of CPU").toBeLessThan(50);
      expect(state.pendingBytes).toBeGreaterThan(rows * 20);
      expect(state.store("counts").get(Buffer.from("\u0000123"))).toBeDefined();
      await state.settled();
      expect([state.pendingBytes, state.store("counts").size, store.get("299999")]).toEqual([
        0,
        rows,
        299_999,
      ]);
    } finally {
      await state.close();
      await backend.close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
);
