import type { OuterSides } from "../outer-sides.ts";

interface StreamJoinStoreNames {
  readonly left: string;
  readonly right: string;
  readonly unjoined: string;
}

const generated = /^KSTREAM-(?:JOIN|OUTER)THIS-(\d{10})$/;

/**
 * The names that Kafka Streams derives from that of the join's stores (`StreamJoined.withStoreName`). It calls a side outer
 * where the other one's records may go without it. Stores that have no name there are numbered from the first processor of
 * the join, which is then the name that is given here.
 */
export const streamJoinStoreNames = (name: string, outer: OuterSides): StreamJoinStoreNames => {
  const number = generated.exec(name)?.[1];
  if (number === undefined)
    return {
      left: `${name}${outer.right ? "-outer" : ""}-this-join-store`,
      right: `${name}${outer.left ? "-outer" : ""}-other-join-store`,
      unjoined: `${name}-${outer.right ? "outer" : "left"}-shared-join-store`,
    };
  const next = String(Number(number) + 1).padStart(10, "0");
  return {
    left: `${name}-store`,
    right: `KSTREAM-${outer.left ? "OUTER" : "JOIN"}OTHER-${next}-store`,
    unjoined: `KSTREAM-OUTERSHARED-${number}-store`,
  };
};
