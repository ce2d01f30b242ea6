import type { KeptStore } from "@millrace/streams";

/** Of the layout of keys and values in the environments: state of another one is not used. */
export const format = 1;

/** What an environment says of itself, as JSON. */
export interface TaskDescription {
  readonly format: number;
  readonly id: string;
  readonly stores: readonly KeptStore[];
}
