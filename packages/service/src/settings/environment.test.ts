import { describe, expect, test } from "vitest";
import { Environment } from "./environment.ts";

const read = (text: string | undefined, options?: { readonly exclusive?: boolean }) => {
  const environment = new Environment({ STEP: text });
  const value = environment.optionalDecimal("STEP", 0, options);
  environment.check();
  return value;
};

describe("optionalDecimal", () => {
  test("reads decimals, and nothing from nothing", () => {
    expect(read("0.25")).toBe(0.25);
    expect(read(".5")).toBe(0.5);
    expect(read("2")).toBe(2);
    expect(read("0")).toBe(0);
    expect(read("")).toBeUndefined();
    expect(read(undefined)).toBeUndefined();
  });

  test.each(["a lot", "-1", "1,5", "Infinity", "0x10", "1.2.3", " ", "."])('refuses "%s"', (text) => {
    expect(() => read(text)).toThrow(`STEP is "${text}"; it must be a number of 0 or more`);
  });

  test("excludes the limit if it is none to reach", () => {
    expect(() => read("0", { exclusive: true })).toThrow('STEP is "0"; it must be a number above 0');
    expect(read("0.01", { exclusive: true })).toBe(0.01);
  });
});
