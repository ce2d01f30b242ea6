import { readText } from "@millrace/streams";
import { resolve } from "../resolution/resolve.ts";
import { nameOf, type SchemaNode } from "../schema/schema-node.ts";
import { compilable } from "./compilable.ts";
import { Cursor } from "./cursor.ts";
import { decimalText } from "./decimal-text.ts";
import { ReadCode } from "./read-code.ts";
import * as values from "./read-value.ts";
import * as varints from "./read-varint.ts";
import type { ValueForm } from "./value-form.ts";

/** Reads `source[start, end)`, and all of it. Throws an AvroError on everything that is no value. */
export type Read<T> = (source: Buffer, start: number, end: number) => T;

const runtime = { ...values, ...varints, decimalText, readText };

/**
 * A reader of what `writer` wrote, as `reader`. What of the two schemas does not fit is met by the records that have it,
 * and by no others. Compiled to JavaScript once per pair, as avsc does: names go into the code as JSON strings only.
 */
export const compileReader = <T>(writer: SchemaNode, reader: SchemaNode, form: ValueForm): Read<T> =>
  compilable(nameOf(reader), () => {
    const action = resolve(writer, reader);
    const code = new ReadCode(action, form);
    return compile(code, code.whole(action, nameOf(reader)), nameOf(reader)) as Read<T>;
  });

/** A value, and the position behind it. */
export interface Partial {
  readonly value: unknown;
  readonly next: number;
}

/** Reads a value at the beginning of `source[start, end)`; more may follow. */
export const compilePartialReader = (
  node: SchemaNode,
  form: ValueForm,
): ((source: Buffer, start: number, end: number) => Partial) => {
  const action = resolve(node, node);
  const code = new ReadCode(action, form);
  return compile(code, code.partial(action, nameOf(node)), nameOf(node)) as Read<Partial>;
};

const compile = (code: ReadCode, root: string, name: string): Read<unknown> => {
  // oxlint-disable-next-line typescript/no-implied-eval -- what is compiled is made here
  const make = new Function("c", "r", "k", `"use strict";\n${code.functions.join("")}${root}`) as (
    cursor: Cursor,
    runtime: unknown,
    constants: readonly unknown[],
  ) => Read<unknown>;
  return make(new Cursor(name), runtime, code.constants);
};
