import { beforeEach, describe, expect, test } from "vitest";
import { KeyedQueue } from "./keyed-queue.ts";

let queue: KeyedQueue<string>;
let handed: string[];
let begun: string[];
/** What ends each call that is under way. */
let end: Map<string, () => void>;

const add = (key: string, name: string, ahead = false): void =>
  queue.add(
    key,
    {
      about: { operator: "test", position: undefined },
      run: () => {
        begun.push(name);
        return new Promise((resolve) => end.set(name, () => resolve(name)));
      },
      done: (result) => handed.push(result),
      failed: (error) => handed.push(String(error)),
    },
    ahead,
  );
const ended = async (...names: readonly string[]): Promise<void> => {
  for (const name of names) {
    end.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
};

beforeEach(() => {
  queue = new KeyedQueue<string>(2, () => 0);
  handed = [];
  begun = [];
  end = new Map();
});

describe("what was added ahead", () => {
  test("is called, and its outcome waits for the release", async () => {
    add("k", "now");
    add("l", "ahead", true);
    expect(begun).toEqual(["now", "ahead"]);
    expect([queue.inFlight, queue.owed]).toEqual([2, 1]);
    await ended("ahead", "now");
    expect(handed).toEqual(["now"]);
    expect([queue.inFlight, queue.owed]).toEqual([1, 0]);
    queue.release();
    expect(handed).toEqual(["now", "ahead"]);
    expect([queue.inFlight, queue.owed]).toEqual([0, 0]);
  });

  test("is handed over at once where it ends after the release", async () => {
    add("k", "ahead", true);
    queue.release();
    expect(queue.owed).toBe(1);
    await ended("ahead");
    expect(handed).toEqual(["ahead"]);
  });

  test("stays behind what came before it of its key, and in order", async () => {
    add("k", "now");
    add("k", "ahead 1", true);
    add("k", "ahead 2", true);
    expect(begun).toEqual(["now"]);
    await ended("now", "ahead 1");
    queue.release();
    add("k", "next");
    await ended("ahead 2", "next");
    expect(begun).toEqual(["now", "ahead 1", "ahead 2", "next"]);
    expect(handed).toEqual(begun);
  });

  test("lets what a commit waits for go first", async () => {
    add("k", "now 1");
    add("l", "now 2");
    add("k", "now 3");
    add("m", "ahead", true);
    await ended("now 1");
    expect(begun).toEqual(["now 1", "now 2", "now 3"]);
    await ended("now 2");
    expect(begun).toEqual(["now 1", "now 2", "now 3", "ahead"]);
  });

  test("counts for how much may wait, also when only its release is waited for", async () => {
    const names = Array.from({ length: 16 }, (_, n) => `v${n}`);
    for (const name of names) {
      expect(queue.full).toBe(false);
      add(name, name, true);
      await ended(name);
    }
    expect(queue.full).toBe(true);
    expect(queue.owedFull).toBe(false);
    queue.release();
    expect(queue.full).toBe(false);
  });

  test("does not begin any more when it is abandoned; what has begun is waited for, and nothing comes of it", async () => {
    add("k", "now");
    add("l", "ahead", true);
    add("k", "ahead behind", true);
    add("m", "ahead waiting", true);
    queue.abandonAhead();
    expect(queue.owed).toBe(2);
    await ended("now", "ahead");
    expect(queue.owed).toBe(0);
    expect(begun).toEqual(["now", "ahead"]);
    expect(handed).toEqual(["now"]);
  });
});
