import { expect, test } from "vitest";
import { CounterRates } from "./counter-rates.ts";

const reading = (value: number) => new Map([["a", value]]);

test("tells how fast a counter grows", () => {
  const rates = new CounterRates();
  expect(rates.rate("a")).toBe(0);
  rates.add(1_000, reading(10));
  expect(rates.rate("a")).toBe(0);
  rates.add(2_000, reading(110));
  rates.add(3_000, reading(210));
  expect(rates.rate("a")).toBe(100);
  expect(rates.rate("unknown")).toBe(0);
});

test("a counter that becomes smaller began anew", () => {
  const rates = new CounterRates();
  rates.add(0, reading(1_000));
  rates.add(1_000, reading(30));
  rates.add(2_000, reading(60));
  expect(rates.rate("a")).toBe(30);
});

test("forgets what is long past", () => {
  const rates = new CounterRates();
  rates.add(0, reading(0));
  for (let second = 1; second <= 6; second++) rates.add(second * 1_000, reading(600));
  expect(rates.rate("a")).toBe(0);
});
