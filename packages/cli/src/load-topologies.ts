import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Topology } from "@millrace/streams";
import { usageError } from "./usage-error.ts";

/**
 * The topologies that a module exports. `name`: the export that is meant; otherwise all. The module is run: it should do
 * nothing but build them. Throws a MillraceError `USAGE`.
 */
export const loadTopologies = async (path: string, name?: string): Promise<readonly Topology[]> => {
  const exported = await load(path);
  const found = Object.entries(exported).flatMap(([of, value]) =>
    isTopology(value) && (name === undefined || of === name) ? [value] : [],
  );
  if (found.length === 0)
    throw usageError(
      name === undefined
        ? `"${path}" exports no topology; it exports ${list(Object.keys(exported))}`
        : `"${path}" exports no topology "${name}"; it exports ${list(Object.keys(exported))}`,
    );
  return found;
};

const load = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw usageError(`"${path}" can't be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** By its shape: the module may have another copy of the package. */
const isTopology = (value: unknown): value is Topology =>
  typeof value === "object" &&
  value !== null &&
  "subTopologies" in value &&
  "describe" in value &&
  typeof value.describe === "function";

const list = (names: readonly string[]): string =>
  names.length === 0
    ? "nothing"
    : names
        .toSorted()
        .map((name) => `"${name}"`)
        .join(", ");
