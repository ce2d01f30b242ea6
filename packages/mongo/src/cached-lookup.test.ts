import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cachedLookup } from "./cached-lookup.ts";

describe("cachedLookup", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("asks once for a key however many want it, and keeps the answer", async () => {
    const asked: string[] = [];
    const load = async (key: string): Promise<number> => {
      asked.push(key);
      return key.length;
    };
    const lookup = cachedLookup({ load, max: 10, ttlMs: 1_000 });
    expect(lookup.peek("four")).toBeUndefined();
    expect(await Promise.all([lookup.get("four"), lookup.get("four"), lookup.get("a")])).toEqual([4, 4, 1]);
    expect(await lookup.get("four")).toBe(4);
    expect(lookup.peek("four")).toEqual({ value: 4 });
    expect(asked).toEqual(["four", "a"]);
  });

  test("keeps that there is none", async () => {
    let asked = 0;
    const load = async (): Promise<number | undefined> => {
      asked++;
      return undefined;
    };
    const lookup = cachedLookup({ load, max: 10, ttlMs: 1_000 });
    expect(await lookup.get("x")).toBeUndefined();
    expect(await lookup.get("x")).toBeUndefined();
    expect(lookup.peek("x")).toEqual({ value: undefined });
    expect(asked).toBe(1);
  });

  test("asks again when the answer is too old", async () => {
    let answer = 1;
    const lookup = cachedLookup({ load: async () => answer++, max: 10, ttlMs: 1_000 });
    expect(await lookup.get("x")).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await lookup.get("x")).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(lookup.peek("x")).toBeUndefined();
    expect(await lookup.get("x")).toBe(2);
  });

  test("keeps the answers that were used last", async () => {
    const lookup = cachedLookup({ load: async (key: number) => key, max: 2, ttlMs: 1_000 });
    await lookup.get(1);
    await lookup.get(2);
    lookup.peek(1);
    await lookup.get(3);
    expect([1, 2, 3].map((key) => lookup.peek(key)?.value)).toEqual([1, undefined, 3]);
  });

  test("asks a lookup that fails until it answers, and keeps no failure", async () => {
    let failures = 20;
    const waits: number[] = [];
    const lookup = cachedLookup({
      load: async () => {
        if (failures-- > 0) throw new Error("down");
        return "up";
      },
      max: 10,
      ttlMs: 1_000,
      onRetry: (_key, _error, waitMs) => void waits.push(waitMs),
    });
    const answer = lookup.get("x");
    await vi.advanceTimersByTimeAsync(100_000);
    expect(await answer).toBe("up");
    expect(waits).toHaveLength(20);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
    expect(waits[0]).toBeLessThanOrEqual(100);
  });

  test("ends the asking when it is aborted", async () => {
    const ending = new AbortController();
    const lookup = cachedLookup({
      load: () => Promise.reject(new Error("down")),
      max: 10,
      ttlMs: 1_000,
      signal: ending.signal,
    });
    const answers = Promise.allSettled([lookup.get("x")]);
    await vi.advanceTimersByTimeAsync(500);
    ending.abort();
    expect(await answers).toMatchObject([{ reason: { code: "MONGO_CLOSED", retriable: true } }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
