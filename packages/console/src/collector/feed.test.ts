import { afterEach, expect, test } from "vitest";
import type { GraphView } from "../protocol/graph-view.ts";
import { Feed, type FeedPart } from "./feed.ts";

const feeds: Feed[] = [];
afterEach(() => {
  for (const feed of feeds.splice(0)) feed.close();
});

/** Counts how often it is looked at. */
const counting = (lingerMs = 0) => {
  const seen = { looks: 0, rests: 0, graphs: [] as readonly GraphView[] };
  const part: FeedPart<"graphs"> = {
    name: "graphs",
    everyMs: 5,
    look: () => {
      seen.looks++;
      return Promise.resolve(seen.graphs);
    },
    rest: () => {
      seen.rests++;
      return Promise.resolve();
    },
  };
  const feed = new Feed([part], lingerMs);
  feeds.push(feed);
  return { seen, feed };
};

test("looks once for all who watch, and tells them what has changed only", async () => {
  const { seen, feed } = counting();
  const told: string[] = [];
  const leave = [
    feed.watch((_, json) => void told.push(`a ${json}`)),
    feed.watch((_, json) => void told.push(`b ${json}`)),
  ];
  await expect.poll(() => seen.looks).toBeGreaterThan(3);
  expect(told).toEqual(["a []", "b []"]);
  const before = seen.looks;
  feed.watch((_, json) => void told.push(`c ${json}`));
  expect(told.at(-1)).toBe("c []");
  expect(seen.looks).toBe(before);
  for (const one of leave) one();
});

test("does nothing while nobody watches, and begins anew when somebody comes", async () => {
  const { seen, feed } = counting();
  expect(feed.isLooking).toBe(false);
  const leave = feed.watch(() => undefined);
  await expect.poll(() => seen.looks).toBeGreaterThan(0);
  leave();
  await expect.poll(() => seen.rests).toBe(1);
  const looks = seen.looks;
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(seen.looks).toBe(looks);
  expect(feed.isLooking).toBe(false);
  feed.watch(() => undefined);
  await expect.poll(() => seen.looks).toBeGreaterThan(looks);
});

test("goes on where a page is only loaded anew", async () => {
  const { seen, feed } = counting(60_000);
  const before: string[] = [];
  const leave = feed.watch((_, json) => void before.push(json));
  await expect.poll(() => before).toEqual(["[]"]);
  leave();
  const told: string[] = [];
  feed.watch((_, json) => void told.push(json));
  expect(told).toEqual(["[]"]);
  expect(seen.rests).toBe(0);
});
