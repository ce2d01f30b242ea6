import type { RatesView } from "../src/protocol/console-state.ts";
import type { EdgeView } from "../src/protocol/graph-view.ts";

/** Records a second that go over an edge. */
export const edgeRate = (rates: RatesView, { counter: { of, key } }: EdgeView): number => rates[of][key] ?? 0;
