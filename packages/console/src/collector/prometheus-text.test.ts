import { expect, test } from "vitest";
import { parsePrometheus } from "./prometheus-text.ts";

test("reads samples with their labels, and leaves out what is not asked for", () => {
  const text = [
    "# HELP millrace_lag_records Records",
    'millrace_lag_records{topic="a,b",partition="0"} 12',
    'millrace_odd{text="a \\"quoted\\" \\\\ and\\nbroken"} 1.5e3',
    "millrace_plain 1 1700000000000",
    "millrace_infinite +Inf",
    "process_cpu_seconds_total 5",
    "millrace_broken{",
    "",
  ].join("\n");
  expect(parsePrometheus(text, "millrace_")).toEqual([
    { name: "millrace_lag_records", labels: { topic: "a,b", partition: "0" }, value: 12 },
    { name: "millrace_odd", labels: { text: 'a "quoted" \\ and\nbroken' }, value: 1_500 },
    { name: "millrace_plain", labels: {}, value: 1 },
    { name: "millrace_infinite", labels: {}, value: Infinity },
  ]);
});
