import {
  count,
  flatMapValues,
  groupBy,
  long,
  nullable,
  stream,
  string,
  to,
  type Topology,
  topic,
  topology,
  toStream,
} from "@millrace/streams";

/** What a console producer sends has no key. */
export const lines = topic("word-count-lines", { key: nullable(string()), value: string() });
export const counts = topic("word-count-counts", { key: string(), value: long() });

const wordsOf = (line: string): readonly string[] => line.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Lines of text in, how often each word occurred out. */
export const wordCount: Topology = topology(
  "word-count",
  stream(lines).pipe(
    flatMapValues(wordsOf, { value: string() }),
    groupBy((word) => word, { key: string() }),
    count({ store: "counts" }),
    toStream(),
    to(counts),
  ),
);
