import { inspect } from "node:util";
import type { KStream, Sink } from "../stages.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";
import { checkSynchronous, type Synchronous } from "../synchronous.ts";

interface PrintOptions<K, V> extends Named {
  /** What each line begins with, in brackets (`Printed.withLabel`); by default the name of what is printed. */
  readonly label?: string;
  /** What the line says of a record (`Printed.withKeyValueMapper`): by default its key and its value. */
  readonly text?: OfRecord<K, V, string>;
  /** Takes each line, without its end (`Printed.toFile`); by default it goes to the standard output. */
  readonly write?: (line: string) => Synchronous;
}

/**
 * Ends the pipe by writing each record as a line, `[label]: key, value` (`KStream.print`, `Printed`): for looking at a
 * topology while it is being made. May write a record again after a crash.
 */
export const print =
  <K, V>({ label, text = keyAndValue, write = toStandardOutput, name }: PrintOptions<K, V> = {}): ((
    stage: KStream<K, V>,
  ) => Sink) =>
  ({ node }) => {
    const shown = label ?? node.name ?? node.operator;
    return operatorStage(
      "Sink",
      { input: node },
      {
        operator: "print",
        name,
        attach: ({ input }, task) =>
          perRecord<K, V, never, never>(input, task, "print", (record) =>
            checkSynchronous(write(`[${shown}]: ${text(record.value, record.key, record)}`)),
          ),
      },
    );
  };

const keyAndValue = (value: unknown, key: unknown): string => `${shortly(key)}, ${shortly(value)}`;

const shortly = (thing: unknown): string =>
  typeof thing === "string" ? thing : inspect(thing, { breakLength: Number.POSITIVE_INFINITY });

const toStandardOutput = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
