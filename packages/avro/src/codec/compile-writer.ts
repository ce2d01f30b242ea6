import { nameOf, type SchemaNode } from "../schema/schema-node.ts";
import { compilable } from "./compilable.ts";
import { decimalBytes } from "./decimal-text.ts";
import { Fit, keyOf } from "./fit.ts";
import type { ValueForm } from "./value-form.ts";
import { WriteCode } from "./write-code.ts";
import * as values from "./write-value.ts";

/** Writes a value behind `prefix` free bytes, into a buffer of the right size. Throws DOES_NOT_FIT. */
export interface Write {
  (value: unknown, prefix: number): Buffer;
  /** Writes it into `target` from `at` on, and answers where it ends: beyond `target.length` where it did not fit. */
  readonly into: (value: unknown, target: Buffer, at: number) => number;
}

const runtime = { ...values, decimalBytes, keyOf };

/** Shared by all writers: writing is synchronous, and its result is copied out before anyone else writes. */
let scratch = Buffer.allocUnsafe(4096);
/** What a scratch that grew is kept at: one huge record must not hold its size for good. */
const keptBytes = 1 << 20;

/** A writer of a schema's values, compiled to JavaScript as readers are. */
export const compileWriter = (node: SchemaNode, form: ValueForm): Write => {
  const write = compilable(nameOf(node), () => {
    const code = new WriteCode(node, form);
    const root = code.root(node);
    // oxlint-disable-next-line typescript/no-implied-eval -- what is compiled is made here
    const make = new Function("fit", "w", `"use strict";\n${code.functions.join("")}${root}`) as (
      fit: Fit,
      runtime: unknown,
    ) => (bytes: Buffer, position: number, value: unknown) => number;
    return make(new Fit(nameOf(node)), runtime);
  });
  const alone = (value: unknown, prefix: number): Buffer => {
    let room = scratch;
    let end = write(room, prefix, value);
    while (end > room.length) {
      room = Buffer.allocUnsafe(2 * end);
      if (room.length <= keptBytes) scratch = room;
      end = write(room, prefix, value);
    }
    const out = Buffer.allocUnsafe(end);
    room.copy(out, prefix, prefix, end);
    return out;
  };
  return Object.assign(alone, {
    into: (value: unknown, target: Buffer, at: number) => write(target, at, value),
  });
};
