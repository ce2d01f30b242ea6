import { readFileSync } from "node:fs";
import type { AppState } from "@millrace/streams";
import { expect, test } from "vitest";
import { dashboards, observability, type Panel, type Target } from "./dashboards.ts";

const asked = dashboards.flatMap(({ panels }) =>
  panels.flatMap((panel) => (panel.targets ?? []).map((target) => ({ panel, target }))),
);

test("panels have ids of their own, and ask the data source that is provisioned", () => {
  const provisioned = readFileSync(new URL("grafana/datasources.yml", observability), "utf8");
  const uids = dashboards.map(({ uid }) => uid);
  expect(new Set(uids).size).toBe(uids.length);
  for (const { panels } of dashboards) {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, type, datasource, targets = [] } of panels) {
      if (type === "row") continue;
      expect(provisioned, title).toContain(`uid: ${datasource?.uid}\n`);
      expect(targets.length, title).toBeGreaterThan(0);
    }
  }
});

test("series of a panel can be told apart: their names have every label that is kept, and the application", () => {
  for (const { panel, target } of asked) {
    const [, by = ""] = /\bby \(([^)]*)\)/.exec(target.expr) ?? [];
    const kept = by.split(", ").filter((label) => label !== "" && label !== "le");
    const named = [...target.legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    expect(new Set(named), `${panel.title}: ${target.legendFormat}`).toEqual(new Set(kept));
  }
  const [application] = dashboards;
  for (const { title, targets = [] } of application?.panels ?? [])
    for (const { legendFormat } of targets) expect(legendFormat, title).toContain("{{application}}");
});

/** As it is shown: what is said of one query before what is said of all. */
const unitOf = ({ fieldConfig }: Panel, { refId }: Target): unknown => {
  const own = fieldConfig?.overrides.find(({ matcher }) => matcher.options === refId)?.properties;
  return own?.find(({ id }) => id === "unit")?.value ?? fieldConfig?.defaults.unit ?? "short";
};

/** By the metric's name, and by what is made of it. */
const unitMeant = ({ expr }: Target): RegExp => {
  if (/process_cpu_seconds_total/.test(expr)) return /^count:cores$/;
  if (/_seconds(_bucket)?\{/.test(expr)) return /^s$/;
  if (/^sum by \([^)]*\) \(rate\(\w+_bytes_total/.test(expr)) return /^Bps$/;
  if (/_bytes\{/.test(expr)) return /^bytes$/;
  if (/\brate\(.*\) \/ /.test(expr)) return /^(percentunit|short)$/;
  if (/\(60 \* rate\(/.test(expr)) return /^count:\/min$/;
  if (/^sum.*\(rate\(/.test(expr)) return /^count:\w+\/s$/;
  return /^short$/;
};

test("every panel has the unit of what it asks for", () => {
  for (const { panel, target } of asked)
    expect(unitOf(panel, target), `${panel.title} ${target.refId}: ${target.expr}`).toMatch(
      unitMeant(target),
    );
});

test("every state has a name and a colour of its own", () => {
  const states: Readonly<Record<AppState, true>> = {
    created: true,
    rebalancing: true,
    running: true,
    pendingShutdown: true,
    stopped: true,
    error: true,
  };
  for (const { panel, target } of asked.filter(({ panel: { title } }) => title === "State")) {
    const shown = panel.fieldConfig?.defaults.mappings?.flatMap(({ options }) => Object.entries(options));
    const names = shown?.map(([value, { text }]) => [text, value]);
    const colours = new Set(shown?.map(([, { color }]) => color));
    expect(colours.size).toBe(names?.length);
    const values = [...target.expr.matchAll(/(\d) \* \(millrace_state\{.*?state="(\w+)"\}/g)];
    expect(values.map(([, value, state]) => [state, value])).toEqual(names);
    expect(names?.map(([state]) => state)).toEqual(Object.keys(states));
  }
});
