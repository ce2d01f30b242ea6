import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { describeModule } from "./describe-module.ts";

describe("describing a module", () => {
  const module = fileURLToPath(new URL("../test/two-topologies.ts", import.meta.url));

  test("tells of every topology that it exports, or of one", async () => {
    const all = await describeModule(module);
    expect(all.filter((line) => line.startsWith("Application"))).toEqual([
      'Application "one"',
      'Application "two"',
    ]);
    const one = (await describeModule(module, "two")).join("\n");
    expect(one).toContain("Source: KSTREAM-SOURCE-0000000000 (topics: [two])");
    expect(one).not.toContain("[one]");
  });

  test("says what it exports instead, and why it can't be loaded", async () => {
    await expect(describeModule(module, "three")).rejects.toThrow(
      /exports no topology "three"; it exports "note", "one", "two"$/,
    );
    await expect(describeModule("./nowhere.ts")).rejects.toThrow(
      /"\.\/nowhere\.ts" can't be loaded: .*nowhere/,
    );
  });
});
