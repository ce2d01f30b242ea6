/** To the writer's thread: one transaction, or an environment to close. */
export type WriterRequest =
  | {
      readonly type: "write";
      readonly id: number;
      readonly path: string;
      readonly stores: readonly string[];
      /** In the order in which they are made. `store`: which of the stores. Memory that both threads read. */
      readonly changes: readonly {
        readonly store: number;
        readonly chunks: readonly Uint8Array<SharedArrayBuffer>[];
      }[];
      readonly positions: readonly (readonly [store: string, position: number])[];
    }
  | { readonly type: "close"; readonly id: number; readonly path: string };

/** From it. `sizes` are the rows of the stores that were written. */
export interface WriterAnswer {
  readonly id: number;
  readonly error?: string;
  readonly sizes: readonly (readonly [store: string, size: number])[];
}
