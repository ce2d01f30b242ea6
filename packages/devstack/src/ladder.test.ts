import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Component, Rung } from "./component.ts";
import { chosen, climb, type LadderStep } from "./ladder.ts";

// What forces a rung for the whole run forces none here.
beforeEach(() => vi.stubEnv("MILLRACE_DEVSTACK", ""));
afterEach(() => vi.unstubAllEnvs());

const step = (rung: Rung, trouble?: string): LadderStep => ({
  rung,
  start: async (): Promise<Component> => {
    if (trouble !== undefined) throw new Error(trouble);
    return { name: "mongo", rung, address: rung, detail: `on ${rung}`, stop: async () => undefined };
  },
});

test("takes the first rung that there is, and says why the ones before it are not", async () => {
  const steps = [step("docker", "no engine"), step("python", "Python 3.11 is needed"), step("jvm")];
  expect(await climb("MongoDB", steps, {}, undefined)).toMatchObject({
    rung: "jvm",
    detail: "on jvm (not docker: no engine; not python: Python 3.11 is needed)",
  });
});

test("takes no rung but the forced ones, also where none of them is to be had", async () => {
  const steps = [step("given"), step("python", "no Python"), step("jvm", "no JDK"), step("simulated")];
  const forced = { rungs: ["python", "jvm"], by: "MILLRACE_DEVSTACK=jvm" } as const;
  await expect(climb("MongoDB", steps, {}, forced)).rejects.toThrow(
    "MongoDB can't be started as MILLRACE_DEVSTACK=jvm demands: not python: no Python; not jvm: no JDK",
  );
});

test("throws all of the error of a rung that alone is forced", async () => {
  const forced = { rungs: ["jvm"], by: "MILLRACE_DEVSTACK_MONGO=jvm" } as const;
  await expect(climb("MongoDB", [step("jvm", "one\ntwo"), step("simulated")], {}, forced)).rejects.toThrow(
    "one\ntwo",
  );
});

test("refuses a word that is no choice", () => {
  expect(chosen("X", ["a", "b"], { X: "b" })).toBe("b");
  expect(chosen("X", ["a", "b"], { X: "" })).toBeUndefined();
  expect(() => chosen("X", ["a", "b"], { X: "c" })).toThrow(`X is "c"; it can be "a", "b"`);
});

test("says what to do where nothing but a rung that is not there will do", async () => {
  const docker: LadderStep = { rung: "docker", start: () => Promise.resolve(null), missing: "start Docker" };
  const forced = { rungs: ["docker"] as const, by: "MILLRACE_DEVSTACK=docker" };
  await expect(climb("Kafka", [docker], {}, forced)).rejects.toThrow(
    "Kafka can't be started as MILLRACE_DEVSTACK=docker demands: start Docker",
  );
});
