import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onFreePorts } from "./on-free-ports.ts";
import { EndedEarly, Supervised, untilReady } from "./supervised.ts";

/** Starts a command that ends by itself and is never ready. */
const endsEarly = async (folders: string[]): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "on-free-ports-"));
  folders.push(folder);
  await untilReady("it", await Supervised.start(folder, "false", []), () => Promise.resolve(false));
};

test("tries other ports where what it starts ends before it is ready, and leaves nothing of it", async () => {
  const folders: string[] = [];
  const tried: number[] = [];
  const port = await onFreePorts(1, async ([first = 0]) => {
    tried.push(first);
    if (tried.length < 3) await endsEarly(folders);
    return first;
  });
  expect(tried).toHaveLength(3);
  expect(port).toBe(tried[2]);
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
});

test("gives up in the end, and passes on what is no matter of ports at once", async () => {
  let tries = 0;
  await expect(
    onFreePorts(1, async () => {
      tries++;
      await endsEarly([]);
    }),
  ).rejects.toThrow(EndedEarly);
  expect(tries).toBe(3);
  await expect(onFreePorts(1, () => Promise.reject(new Error("no Java")))).rejects.toThrow("no Java");
});
