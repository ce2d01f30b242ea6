import type { IRawProperty } from "fast-check";

/** Something that takes bytes from anywhere. */
export interface FuzzTarget {
  readonly name: string;
  /** Throws on anything but a value or an error of ours. Made anew for each round. */
  readonly property: () => IRawProperty<unknown> | Promise<IRawProperty<unknown>>;
}
