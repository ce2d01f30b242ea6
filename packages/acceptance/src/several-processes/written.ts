import { TopicReader } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";
import { type Outputs, partitions } from "./visits-and-orders.ts";

interface Output {
  readonly key: unknown;
  readonly value: unknown;
  readonly timestamp: number;
}

/** What was written, in a form that two can be compared in: all results, sorted, and the last row of each key. */
export class Written {
  readonly #results: string[] = [];
  readonly #rows = new Map<string, string>();

  result(topic: string, { key, value, timestamp }: Output): void {
    this.#results.push(`${topic} ${JSON.stringify(key)} ${JSON.stringify(value)} @${timestamp}`);
  }

  row(topic: string, { key, value }: Output): void {
    const name = `${topic} ${JSON.stringify(key)}`;
    if (value === null) this.#rows.delete(name);
    else this.#rows.set(name, `${name} ${JSON.stringify(value)}`);
  }

  get lines(): readonly string[] {
    return [...this.#results.toSorted(), ...[...this.#rows.values()].toSorted()];
  }
}

/** Follows what is committed of the outputs, each from its beginning. */
export const follow = (
  transport: Transport,
  { results, rows }: Outputs,
): { readonly written: Written; readonly close: () => Promise<void> } => {
  const written = new Written();
  const readers = [
    ...results.map(
      (topic) => new TopicReader(transport, topic, (record) => written.result(topic.name, record)),
    ),
    ...rows.map((topic) => new TopicReader(transport, topic, (record) => written.row(topic.name, record))),
  ];
  for (const reader of readers) reader.grow(partitions);
  return { written, close: async () => void (await Promise.all(readers.map((reader) => reader.close()))) };
};
