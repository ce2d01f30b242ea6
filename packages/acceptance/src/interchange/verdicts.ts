import type { Outcome } from "./outcome.ts";

/** What an order of engines made of it. */
export interface Interchanged {
  readonly outputs: Outcome;
  /** The rows in its changelogs. */
  readonly state: Outcome;
}

/** What the orders of engines made, by order. */
export type AllInterchanged = ReadonlyMap<string, Interchanged>;

export interface Verdict {
  readonly what: string;
  /** Empty where it holds. */
  readonly wrong: readonly string[];
}

type Rows = Readonly<Record<string, readonly string[]>>;

const show = (all: readonly string[] | undefined): string => (all === undefined ? "nothing" : all.join(" "));

const differences = (order: string, found: Rows = {}, expected: Rows = {}): readonly string[] =>
  [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .toSorted()
    .filter((key) => show(found[key]) !== show(expected[key]))
    .map((key) => `${order} ${key}:\n  made     ${show(found[key])}\n  expected ${show(expected[key])}`);

/**
 * The records that wait in a stream-table join with a grace are not found any more by a JVM that reads them back from the
 * changelog, its own or ours; and none waits there after that. So it can only be compared before.
 */
const onlyBefore = new Set(["stream-table-versioned", "waiting-Buffer"]);

const comparable = (found: AllInterchanged, name: string): AllInterchanged =>
  onlyBefore.has(name) ? new Map([...found].filter(([order]) => /^J?M+$/.test(order))) : found;

/** All orders must make of a topology what the first did, which must make something. */
const outputsVerdict = (all: AllInterchanged, topology: string): Verdict => {
  const [first, ...others] = comparable(all, topology);
  const expected = first?.[1].outputs[topology] ?? {};
  return {
    what: `${topology}: every order of engines has the same outputs`,
    wrong: [
      ...(Object.keys(expected).length === 0 ? [`${first?.[0]} made no outputs`] : []),
      ...others.flatMap(([order, { outputs }]) => differences(order, outputs[topology], expected)),
    ],
  };
};

/** A window has one final. */
const finalsVerdict = (found: AllInterchanged, topology: string): Verdict => ({
  what: `${topology}: every final comes once`,
  wrong: [...found].flatMap(([order, { outputs }]) =>
    Object.entries(outputs[topology] ?? {})
      .filter(([, all]) => all.length !== 1)
      .map(([key, all]) => `${order} ${key}: ${show(all)}`),
  ),
});

/** All orders must leave the rows in a store that the first did. */
const stateVerdict = (all: AllInterchanged, store: string): Verdict => {
  const [first, ...others] = comparable(all, store);
  return {
    what: `${store}: every order of engines leaves the same rows`,
    wrong: others.flatMap(([order, { state }]) => differences(order, state[store], first?.[1].state[store])),
  };
};

const tellsFinals = (topology: string): boolean => /-finals$|^suppress-windows$/.test(topology);

/** Of all that these topologies made; the first order is the one that the others must be like. */
export const verdicts = (found: AllInterchanged, topologies: readonly string[]): readonly Verdict[] => {
  const stores = new Set([...found.values()].flatMap(({ state }) => Object.keys(state)));
  return [
    ...topologies.map((topology) => outputsVerdict(found, topology)),
    ...topologies.filter(tellsFinals).map((topology) => finalsVerdict(found, topology)),
    ...[...stores].toSorted().map((store) => stateVerdict(found, store)),
  ];
};
