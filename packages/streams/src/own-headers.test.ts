import { expect, test } from "vitest";
import {
  type Headers,
  join,
  nullable,
  stream,
  string,
  suppress,
  table,
  to,
  topic,
  topology,
  toStream,
  untilTimeLimit,
  versionedStore,
} from "./index.ts";
import { joinBuffer } from "./operators/join-buffer.ts";
import { type BufferedChange, bufferedChange } from "./state/buffered-change.ts";
import type { KeyValueStoreDefinition } from "./state/store-definition.ts";
import { TestDriver } from "./testing/index.ts";

const rows = topic("rows", { key: string(), value: string() });
const clicks = topic("clicks", { key: string(), value: string() });
const output = topic("out", { key: string(), value: nullable(string()) });

/** A part of something much larger, as the header of a fetched record is. */
const batch = Buffer.alloc(100_000, "h");
const headers: Headers = [
  ["trace", batch.subarray(10, 14)],
  ["trace", null],
];

const memoryOf = (kept: Headers): readonly (readonly [string, number | undefined])[] =>
  kept.map(([name, value]) => [name, value?.buffer.byteLength]);
const itsOwn = [
  ["trace", 4],
  ["trace", undefined],
];

test("what waits in a suppress keeps no more of its headers than they are, also when it is read back", () => {
  const driver = new TestDriver(
    topology(
      "t",
      table(rows, { store: "rows" }).pipe(
        suppress(untilTimeLimit(1_000), { store: "held" }),
        toStream(),
        to(output),
      ),
    ),
  );
  driver.pipeInput(rows, "a", "1", { timestamp: 5, headers });
  const held = driver.store<KeyValueStoreDefinition<string, BufferedChange<string>>>("held").get("a");
  expect(memoryOf(held?.context.headers ?? [])).toEqual(itsOwn);
  const serde = bufferedChange(string());
  const bytes = Buffer.from(serde.serialize(held as BufferedChange<string>) ?? []);
  expect(memoryOf(serde.deserialize(bytes, 0, bytes.length).context.headers)).toEqual(itsOwn);
});

test("nor does a record that waits for the join with a versioned table", () => {
  const prices = table(rows, {
    store: versionedStore("prices", { key: string(), value: string(), historyRetention: 1_000 }),
  });
  const words = stream(clicks);
  const driver = new TestDriver(
    topology(
      "t",
      words.pipe(
        join(prices, (left, right) => left + right, { name: "late", grace: 100 }),
        to(output),
      ),
    ),
  );
  driver.pipeInput(clicks, "a", "1", { timestamp: 5, headers });
  const [waiting] = driver.store(joinBuffer("late", words.node, "join")).all();
  expect(memoryOf(waiting?.[1].headers ?? [])).toEqual(itsOwn);
});
