import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeSerde } from "../operators/change-serde.ts";
import {
  bigint,
  bytes,
  double,
  int,
  json,
  long,
  MillraceError,
  nullable,
  type Serde,
  string,
  windowed,
} from "../index.ts";

const erase = <T>(serde: Serde<T>): Serde<unknown> => serde as Serde<unknown>;

const serdes: readonly Serde<unknown>[] = [
  erase(bigint()),
  erase(bytes()),
  erase(double()),
  erase(int()),
  erase(json()),
  erase(long()),
  erase(string()),
  erase(nullable(long())),
  erase(windowed(string(), 10)),
  erase(windowed(long(), 10)),
  erase(changeSerde(long())),
  erase(changeSerde(json())),
];
const named = serdes.map((serde) => [serde.name, serde] as const);

/** What comes of it: "value", or the code of the error. Any other error is a bug. */
const outcome = (run: () => unknown): string => {
  try {
    run();
    return "value";
  } catch (error) {
    if (error instanceof MillraceError) return error.code;
    throw error;
  }
};

const read = <T>(serde: Serde<T>, payload: Uint8Array | null): T => {
  const source = Buffer.from(payload ?? []);
  return serde.deserialize(source, payload === null ? -1 : 0, source.length);
};

describe("garbage is a value or an error with a code", () => {
  test.for(named)("for %s", ([, serde]) => {
    fc.assert(
      fc.property(fc.option(fc.uint8Array({ maxLength: 40 })), (payload) => {
        expect(["value", "NULL_PAYLOAD", "DESERIALIZATION"]).toContain(outcome(() => read(serde, payload)));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("what is no value of its type is refused with a code", () => {
  test.for(named)("by %s", ([, serde]) => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
        (value) => {
          // A change is made by operators alone.
          if (serde.name.startsWith("change of") && (typeof value !== "object" || value === null)) return;
          const one = serde.name.startsWith("change of") ? { newValue: value ?? 0, oldValue: null } : value;
          expect(["value", "NULL_PAYLOAD", "SERIALIZATION"]).toContain(outcome(() => serde.serialize(one)));
        },
      ),
    );
  });

  test.for(named)("also undefined, by %s", ([, serde]) => {
    if (serde.name.startsWith("change of")) return;
    expect(outcome(() => serde.serialize(undefined))).toBe("SERIALIZATION");
  });

  test("in words that say what it writes, and what it was given", () => {
    expect(() => erase(string()).serialize(undefined)).toThrow(
      "the string serde writes a string, not undefined",
    );
    expect(() => long().serialize(Number.NaN)).toThrow(
      /the long serde writes whole numbers within 2\^53 .*, not NaN/,
    );
    expect(() => int().serialize(2 ** 31)).toThrow(/whole numbers of 32 bits, not 2147483648/);
    expect(() => bigint().serialize(2n ** 63n)).toThrow(/bigints of 64 bits, not 9223372036854775808n/);
    expect(() => erase(long()).serialize(null)).toThrow(/wrap it in nullable\(\)/);
    expect(() => erase(json()).serialize(1n)).toThrow(/the json serde writes what JSON can hold/);
  });
});

describe("what is written is read again", () => {
  const pairs: readonly (readonly [Serde<unknown>, fc.Arbitrary<unknown>])[] = [
    [erase(int()), fc.integer()],
    [erase(long()), fc.maxSafeInteger()],
    [erase(bigint()), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    [erase(double()), fc.double()],
    [erase(string()), fc.string({ unit: "grapheme" })],
    [erase(json()), fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown)],
    [erase(nullable(string())), fc.option(fc.string())],
    [
      erase(windowed(string(), 10)),
      fc
        .record({ key: fc.string(), start: fc.nat() })
        .map(({ key, start }) => ({ key, start, end: start + 10, final: false })),
    ],
  ];
  test.for(pairs.map(([serde, values]) => [serde.name, serde, values] as const))(
    "by %s",
    ([, serde, values]) => {
      fc.assert(
        fc.property(values, (value) => {
          expect(read(serde, serde.serialize(value))).toEqual(value);
        }),
      );
    },
  );
});

const own = (form: unknown): object => ({ toJSON: () => form });

describe("json", () => {
  test("writes nothing that would be read back as null or as an empty object", () => {
    class Invalid {
      toJSON(): null {
        return null;
      }
    }
    const lost = [Number.NaN, Number.POSITIVE_INFINITY, new Date(Number.NaN), new Invalid()];
    for (const value of [...lost, new Map([["a", 1]]), new Set([1]), Promise.resolve(1), new Error("x"), /x/])
      expect(() => erase(json()).serialize(value)).toThrow(/the json serde writes .*, not/);
    for (const value of [{}, [], Object.create(null), "", 0, -0, false, new Date(0)])
      expect(erase(json()).serialize(value)).not.toBeNull();
    expect(erase(json()).serialize(null)).toBeNull();
  });

  test("writes nothing of which a part would be, and says which part", () => {
    for (const [value, place] of [
      [{ mean: Number.NaN }, ".mean"],
      [{ list: [0, { most: Number.POSITIVE_INFINITY }] }, ".list[1].most"],
      [{ at: new Date(Number.NaN) }, ".at"],
      [{ by: new Map([["a", 1]]) }, ".by"],
      [[undefined], "[0]"],
      [[0, () => 1], "[1]"],
      [{ own: own(null) }, ".own"],
      [{ own: own({ n: Number.NaN }) }, ".own.n"],
    ] as const)
      expect(() => erase(json()).serialize(value)).toThrow(
        `the json serde writes what JSON can hold, and what is at ${place} it can't, not `,
      );
    const itself = { n: null, toJSON: (): object => itself };
    for (const value of [
      { a: undefined, b: null, c: {}, d: [], e: Object.create(null), f: "null", at: new Date(0) },
      itself,
    ])
      expect(erase(json()).serialize(value)).not.toBeNull();
  });

  test("writes null as a tombstone, and reads a tombstone as null", () => {
    const serde = json<string | null>();
    expect(serde.serialize(null)).toBeNull();
    expect(read(serde, null)).toBeNull();
  });

  test("asks the parse function about null, too", () => {
    const serde = json((value) => {
      if (typeof value !== "string") throw new TypeError("no text");
      return value;
    });
    expect(() => read(serde, null)).toThrow("no text");
    expect(read(serde, Buffer.from('"a"'))).toBe("a");
  });

  test("says why text is no JSON", () => {
    expect(() => read(json(), Buffer.from("{"))).toThrow(/the json serde can't read this: .*JSON/);
  });
});

test("what a serde has to fetch first is fetched for what wraps it, too", async () => {
  const asked: string[] = [];
  const slow: Serde<string> = {
    ...string(),
    prepare: async (source, start, end) => {
      asked.push(source.toString("utf8", start, end));
    },
    start: async ({ topic }) => {
      asked.push(topic);
    },
  };
  const key = windowed(slow, 10);
  const change = changeSerde(slow);
  await key.start?.({ topic: "t", part: "key", use: "sink" });
  await change.start?.({ topic: "u", part: "value", use: "repartition" });
  const windowedKey = Buffer.from(key.serialize({ key: "a", start: 0, end: 10, final: false }) ?? []);
  await key.prepare?.(windowedKey, 0, windowedKey.length);
  const both = Buffer.from(change.serialize({ newValue: "n", oldValue: "o", isLatest: true }) ?? []);
  await change.prepare?.(both, 0, both.length);
  expect(asked).toEqual(["t", "u", "a", "n", "o"]);
});
