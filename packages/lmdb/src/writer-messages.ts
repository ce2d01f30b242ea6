/** To the writer's thread: one transaction, or an environment to close. */
export type WriterRequest =
  | {
      readonly type: "write";
      readonly id: number;
      readonly path: string;
      readonly stores: readonly string[];
      readonly frame: Uint8Array<ArrayBuffer>;
      readonly positions: readonly (readonly [store: string, position: number])[];
    }
  | { readonly type: "close"; readonly id: number; readonly path: string };

/** From it. `sizes` are the rows of the stores that were written. */
export interface WriterAnswer {
  readonly id: number;
  readonly error?: string;
  readonly sizes: readonly (readonly [store: string, size: number])[];
}
