import { expect, test } from "vitest";
import { Punctuations } from "./punctuations.ts";

test("fires once for several intervals that passed, and then in step with them", () => {
  const punctuations = new Punctuations();
  const fired: number[] = [];
  punctuations.add(100, 100, (time) => fired.push(time));
  for (const time of [99, 100, 150, 430, 499, 500]) punctuations.fire(time);
  expect(fired).toEqual([100, 430, 500]);
});

test("fires within an interval after the wall clock was set back, not when it has come to where it was", () => {
  const punctuations = new Punctuations();
  const fired: number[] = [];
  punctuations.add(1_000_700, 700, (time) => fired.push(time));
  for (const time of [1_000_000, 1_000_700, 400_000, 400_699, 400_700, 401_400]) punctuations.fire(time);
  expect(fired).toEqual([1_000_700, 400_700, 401_400]);
  expect(punctuations.due).toBe(402_100);
});

test("what was cancelled fires no more, also after the clock was set back", () => {
  const punctuations = new Punctuations();
  const fired: number[] = [];
  const schedule = punctuations.add(100, 100, (time) => fired.push(time));
  punctuations.fire(100);
  schedule.cancel();
  for (const time of [50, 150, 250]) punctuations.fire(time);
  expect(fired).toEqual([100]);
  expect(punctuations.due).toBe(Number.POSITIVE_INFINITY);
});

test("one that schedules itself anew, once each time, fires once for each interval", () => {
  const punctuations = new Punctuations();
  const fired: number[] = [];
  const again = (): void => {
    const once = punctuations.add(0, 100, (time) => {
      fired.push(time);
      if (fired.length > 10) throw new Error("without an end");
      once.cancel();
      again();
    });
  };
  again();
  for (const time of [5, 99, 130, 131, 200, 555]) punctuations.fire(time);
  expect(fired).toEqual([5, 130, 200, 555]);
});

test("what was cancelled is forgotten: a timer for each record leaves nothing behind", () => {
  const punctuations = new Punctuations();
  const before = process.cpuUsage();
  for (let n = 0; n < 40_000; n++) {
    const once = punctuations.add(n, 1, () => once.cancel());
    punctuations.fire(n);
  }
  expect(punctuations.due).toBe(Number.POSITIVE_INFINITY);
  // With all of them still there it takes 40,000 times 40,000 steps: some seconds.
  expect(process.cpuUsage(before).user).toBeLessThan(600_000);
});
