import fc from "fast-check";
import { expect, test } from "vitest";
import { bigint, bytes, double, int, json, long, nullable, type Serde, string, windowed } from "../index.ts";
import { Scratch } from "./scratch.ts";

const windows = fc.record({ key: fc.string(), start: fc.nat(), end: fc.nat(), final: fc.boolean() });
const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ minLength: 40, maxLength: 60 }));

/** Writes values, some longer than the scratch, one after the other. */
const same = <T>(serde: Serde<T>, values: fc.Arbitrary<T>): void => {
  const scratch = new Scratch();
  fc.assert(
    fc.property(values, (value) => {
      expect(toHex(scratch.serialize(serde, value))).toBe(toHex(serde.serialize(value)));
    }),
  );
};

const toHex = (written: Uint8Array | null): string | null =>
  written === null ? null : Buffer.from(written).toString("hex");

test("writes the bytes that the serde writes alone", () => {
  expect.hasAssertions();
  same(string(), fc.oneof(text, fc.string({ minLength: 4_000, maxLength: 5_000 })));
  same(int(), fc.integer());
  same(long(), fc.maxSafeInteger());
  same(bigint(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
  same(double(), fc.double());
  same(bytes(), fc.uint8Array());
  same(json(), fc.string());
  same(nullable(string()), fc.option(text));
  same(nullable(bytes()), fc.option(fc.uint8Array()));
  same(windowed(string(), 10), windows);
  same(windowed(nullable(string()), 10), windows);
});

const inRoomOf = <T>(serde: Serde<T>, value: T): void => {
  const alone = serde.serialize(value) as Uint8Array;
  for (let room = 0; room <= alone.length; room++) {
    const target = Buffer.alloc(room + 4, 0xaa);
    const end = serde.serialize.into?.(value, target.subarray(0, room + 2), 2) ?? -1;
    const fits = alone.length <= room;
    expect(end <= room + 2).toBe(fits);
    expect(target.subarray(2, fits ? end : 2)).toEqual(Buffer.from(fits ? alone : []));
    expect([...target.subarray(room + 2)]).toEqual([0xaa, 0xaa]);
  }
};

test("tells where it would not fit, and writes nothing beyond the room that it has", () => {
  expect.hasAssertions();
  inRoomOf(string(), "naïve");
  inRoomOf(string(), "x".repeat(50));
  inRoomOf(long(), 7);
  inRoomOf(windowed(string(), 10), { key: "abc", start: 5, end: 15, final: false });
});

test("a serde made from another one is written by its own serialize", () => {
  const shouting: Serde<string> = { ...string(), serialize: (value) => Buffer.from(value.toUpperCase()) };
  const written = new Scratch().serialize(shouting, "quiet");
  expect(Buffer.from(written as Uint8Array).toString()).toBe("QUIET");
});

test("gives room behind the bytes, and none where they are too long", () => {
  const scratch = new Scratch();
  expect(scratch.withRoom(string(), "key", 12)?.length).toBe(15);
  expect(scratch.withRoom(string(), "k".repeat(4_090), 12)).toBeNull();
  expect(scratch.withRoom(json(), "key", 12)).toBeNull();
});
