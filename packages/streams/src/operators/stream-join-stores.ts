import type { JoinWindows } from "../join-windows.ts";
import type { ErasedSerde } from "../serde.ts";
import type { StageNode } from "../stages.ts";
import { outerJoinStore, type Unjoined, type UnjoinedKey } from "../state/outer-join-store.ts";
import {
  type JoinStoreDefinition,
  joinStore,
  type KeyValueStoreDefinition,
} from "../state/store-definition.ts";
import { missingSerde } from "./missing-serde.ts";
import type { OuterSides } from "../outer-sides.ts";
import { streamJoinStoreNames } from "./stream-join-store-names.ts";

/** The stores of a stream-stream join, named as on the JVM. */
export interface StreamJoinStores {
  readonly left: JoinStoreDefinition;
  readonly right: JoinStoreDefinition;
  /** Records that have met none yet; undefined for an inner join. */
  readonly unjoined:
    | KeyValueStoreDefinition<UnjoinedKey<unknown>, readonly Unjoined<unknown, unknown>[]>
    | undefined;
}

/** A stream, and the serdes that it is joined with. */
export interface StreamJoinSide {
  readonly node: StageNode;
  readonly key: ErasedSerde | undefined;
  readonly value: ErasedSerde | undefined;
}

/** Throws a TopologyError where a serde is not known. */
export const streamJoinStores = (
  sides: { readonly left: StreamJoinSide; readonly right: StreamJoinSide },
  operator: string,
  name: string,
  { before, after, grace }: JoinWindows,
  outer: OuterSides,
): StreamJoinStores => {
  const names = streamJoinStoreNames(name, outer);
  const serde = (side: "left" | "right", part: "key" | "value"): ErasedSerde => {
    const known = sides[side][part];
    if (known !== undefined) return known;
    const option = part === "key" ? "key" : side;
    throw missingSerde(
      `the store "${names[side]}"`,
      part,
      `${operator}() as { ${option}: ... }`,
      sides[side].node,
    );
  };
  // What nobody could meet in windows of one point is kept for that point all the same.
  const retention = Math.max(1, before + after + grace);
  const key = serde("left", "key");
  const [left, right] = [serde("left", "value"), serde("right", "value")];
  return {
    left: joinStore(names.left, { key, value: left, retention }),
    right: joinStore(names.right, { key: serde("right", "key"), value: right, retention }),
    unjoined: outer.left ? outerJoinStore(names.unjoined, { key, left, right }) : undefined,
  };
};
