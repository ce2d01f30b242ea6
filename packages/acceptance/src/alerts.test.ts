import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { noPrometheus } from "./prometheus-tools.ts";

const folder = new URL("../../container/observability/", import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), "utf8");

const promtool = (...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync("promtool", args, {
    cwd: fileURLToPath(folder),
    encoding: "utf8",
  });
  expect(status, stdout + stderr).toBe(0);
  return stdout + stderr;
};

test("promtool takes the configuration and the rules, and every alert fires when it should, and not before", (context) => {
  const why = noPrometheus();
  if (why !== undefined) context.skip(why);
  promtool("check", "config", "prometheus.yml");
  promtool("check", "rules", "alerts.yml");
  expect(promtool("test", "rules", "alerts.test.yml")).toContain("SUCCESS");
});

test("each alert has a test in which it fires, and one in which it does not, and a section of the runbook", () => {
  const rules = text("alerts.yml")
    .split(/^ {6}- alert: /m)
    .slice(1);
  const cases = text("alerts.test.yml")
    .split(/^ {6}- alertname: /m)
    .slice(1);
  const headings = new Set([...text("RUNBOOK.md").matchAll(/^## (\w+)$/gm)].map(([, name = ""]) => name));
  expect(rules.length).toBeGreaterThan(10);
  for (const rule of rules) {
    const [name = ""] = rule.split("\n", 1);
    const own = cases.filter((one) => one.startsWith(`${name}\n`));
    expect(own.filter((one) => one.includes("exp_labels")).length, `${name} fires`).toBeGreaterThan(0);
    expect(own.filter((one) => one.includes("exp_alerts: []")).length, `${name} is silent`).toBeGreaterThan(
      0,
    );
    expect(rule, name).toContain(`runbook: "RUNBOOK.md#${name.toLowerCase()}: `);
    expect(headings, name).toContain(name);
  }
});
