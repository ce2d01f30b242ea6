import { MillraceError, nullable } from "@millrace/streams";
import type { SchemaRegistry } from "@millrace/schema-registry";
import fc from "fast-check";
import { expect, test } from "vitest";
import { memorySchemaRegistry } from "./memory-schema-registry.ts";
import { protobuf, type ProtobufOptions } from "./protobuf.ts";

const schema = `
syntax = "proto3";
package venue;
import "google/protobuf/timestamp.proto";
message Place { string id = 1; }
message Booking {
  enum Action { CREATED = 0; UPDATED = 1; }
  message Guest { string name = 1; optional int32 age = 2; }
  string event_id = 1;
  Action action = 2;
  int64 at = 3;
  uint64 big = 4;
  repeated Guest guests = 5;
  map<string, int32> seats = 6;
  bytes raw = 7;
  double ratio = 8;
  bool done = 9;
  Place place = 10;
  oneof price { int32 cents = 11; string free_text = 12; }
  google.protobuf.Timestamp made = 13;
  map<int64, string> by_number = 14;
}
`;
interface Booking {
  readonly eventId: string;
  readonly action: string | number;
  readonly [field: string]: unknown;
}
const full: Booking = {
  eventId: "ä1",
  action: "UPDATED",
  at: -5,
  big: 2 ** 53 - 1,
  guests: [{ name: "Ann", age: 0 }, { name: "" }],
  seats: { a: 1, b: -2 },
  raw: Buffer.from([0, 255]),
  ratio: 0.5,
  done: true,
  place: { id: "p" },
  freeText: "x",
  made: { seconds: 1_767_225_600, nanos: 5 },
  byNumber: { "-1": "minus", "5": "five" },
};
const started = async <T>(options: Omit<ProtobufOptions, "registry"> & { registry?: SchemaRegistry }) => {
  const registry = options.registry ?? memorySchemaRegistry();
  const serde = protobuf<T>({ ...options, registry });
  await serde.start?.({ topic: "bookings", part: "value", use: "sink" });
  const read = (bytes: Uint8Array) => serde.deserialize(Buffer.from(bytes), 0, bytes.length);
  const write = (value: T) => Buffer.from(serde.serialize(value) ?? []);
  return { serde, registry, read, write };
};
const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    if (error instanceof MillraceError) return error.code;
    throw error;
  }
};

test("reads what it wrote, as plain objects, all kinds of fields", async () => {
  const { write, read } = await started<Booking>({ schema, message: "venue.Booking" });
  expect(read(write(full))).toStrictEqual(full);
  expect(write({ eventId: "", action: 0 }).toString("hex")).toBe("00000000010202");
});

test("fields that are not there have their defaults, messages and optional ones stay away", async () => {
  const { read } = await started<Booking>({ schema, message: "venue.Booking" });
  expect(read(Buffer.from("00000000010202", "hex"))).toStrictEqual({
    eventId: "",
    action: "CREATED",
    at: 0,
    big: 0,
    guests: [],
    seats: {},
    raw: Buffer.alloc(0),
    ratio: 0,
    done: false,
    byNumber: {},
  });
});

test("writes the indexes of the message: one zero for the first, a path for nested ones", async () => {
  const registry = memorySchemaRegistry();
  const head = async (message?: string) => {
    const { write } = await started<object>({ schema, registry, ...(message !== undefined && { message }) });
    return write({}).subarray(5).toString("hex");
  };
  expect(await head()).toBe("00");
  expect(await head("venue.Booking")).toBe("0202");
  expect(await head("venue.Booking.Guest")).toBe("040200");
  expect(codeOf(() => protobuf({ registry, schema, message: "venue.Nothing" }))).toBe("INVALID_SCHEMA");
});

test("64-bit integers are exact numbers, or bigints by choice", async () => {
  const registry = memorySchemaRegistry();
  const both = await started<Booking>({ schema, registry, message: "venue.Booking", longs: "bigint" });
  const value = { eventId: "", action: "CREATED", at: -(2n ** 63n), big: 2n ** 64n - 1n } as Booking;
  expect(both.read(both.write(value))).toMatchObject({ at: -(2n ** 63n), big: 2n ** 64n - 1n });
  const numbers = await started<Booking>({ schema, registry, message: "venue.Booking" });
  expect(() => numbers.read(both.write(value))).toThrow(expect.objectContaining({ code: "UNSAFE_LONG" }));
  for (const bad of [{ at: 2n ** 63n }, { big: -1 }, { at: 2 ** 53 }, { at: 0.5 }])
    expect(codeOf(() => numbers.write({ ...full, ...bad }))).toBe("DOES_NOT_FIT");
});

test("says which field does not fit", async () => {
  const { write } = await started<Booking>({ schema, message: "venue.Booking" });
  for (const [bad, where] of [
    [{ eventId: 3 }, "venue.Booking.eventId is 3, expected a string"],
    [{ action: "LOST" }, "a name or number of venue.Booking.Action"],
    [{ guests: [{ age: 2 ** 31 }] }, "venue.Booking.guests[].age is 2147483648"],
    [{ nobody: 1 }, "venue.Booking.nobody is 1, expected a field"],
    [{ cents: 1, freeText: "x" }, "one field of price alone"],
    [{ seats: [1] }, "expected an object"],
  ] as const)
    expect(() => write(bad as unknown as Booking)).toThrow(where);
});

const version = (fields: string) => `syntax = "proto3"; message M { ${fields} }`;

test.each([
  ["bool", ["true", "false"], ["maybe", "1", ""]],
  ["int32", ["0", "-2147483648"], ["abc", "1.5", "4294967296", "", "01", "-0", " 1"]],
  ["uint32", ["4294967295"], ["-1"]],
  ["sfixed32", ["-7"], ["2147483648"]],
  ["int64", ["-9223372036854775808"], ["9223372036854775808", "abc", "1.5", "9".repeat(100_000)]],
  ["fixed64", ["18446744073709551615"], ["-1"]],
  ["string", ["", "ä", "__proto__"], ["\ud800"]],
])("keys of a map of %s are written as what they are, or not at all", async (type, keys, bad) => {
  const { write, read } = await started<object>({
    schema: `syntax = "proto3"; message A { map<${type}, int32> m = 1; }`,
  });
  for (const key of keys) expect(read(write({ m: { [key]: 7 } }))).toStrictEqual({ m: { [key]: 7 } });
  for (const key of bad) expect(codeOf(() => write({ m: { [key]: 7 } }))).toBe("DOES_NOT_FIT");
});

test("text that has no UTF-8 is not written", async () => {
  const { write } = await started<object>({ schema: `syntax = "proto3"; message A { string s = 1; }` });
  expect(codeOf(() => write({ s: "a\udc00" }))).toBe("DOES_NOT_FIT");
});

test("reads and writes Google's well-known types as the messages that they are", async () => {
  const imports = ["any", "duration", "empty", "struct", "timestamp", "wrappers"]
    .map((name) => `import "google/protobuf/${name}.proto";`)
    .join("\n");
  const { write, read } = await started<object>({
    schema: `syntax = "proto3";
      ${imports}
      message A {
        google.protobuf.Timestamp at = 1;
        google.protobuf.Duration took = 2;
        google.protobuf.Int64Value count = 3;
        google.protobuf.Struct free = 4;
        google.protobuf.Empty nothing = 5;
        google.protobuf.Any any = 6;
      }`,
  });
  const value = {
    at: { seconds: 1_767_225_600, nanos: 5 },
    took: { seconds: -1, nanos: -5 },
    count: { value: 3 },
    free: { fields: { a: { numberValue: 1 }, b: { listValue: { values: [{ stringValue: "x" }] } } } },
    nothing: {},
    any: { type_url: "example.com/A", value: Buffer.from("a") },
  };
  expect(read(write(value))).toStrictEqual(value);
});

test("versions of a message are read as the serde's own", async () => {
  const registry = memorySchemaRegistry();
  const old = await started<object>({ registry, schema: version("string a = 1; int32 b = 2;") });
  const young = await started<object>({
    registry,
    schema: version("string a = 1; int64 c = 3; repeated string d = 4;"),
  });
  expect(young.read(old.write({ a: "x", b: 7 }))).toStrictEqual({ a: "x", c: 0, d: [] });
  expect(old.read(young.write({ a: "x", c: 7, d: ["y"] }))).toStrictEqual({ a: "x", b: 0 });
  await expect(started({ registry, schema: version("int32 a = 1;") })).rejects.toThrow(
    /M.a: string became int32/,
  );
  await expect(started({ registry, schema: 'syntax = "proto3"; message N {}' })).rejects.toThrow(
    /message M is gone/,
  );
  await expect(registry.register("x", { schemaType: "PROTOBUF", schema: "message {" })).rejects.toMatchObject(
    {
      code: "INVALID_SCHEMA",
    },
  );
});

test("another message of the file is none of this serde's", async () => {
  const registry = memorySchemaRegistry();
  const place = await started<object>({ registry, schema, message: "venue.Place" });
  const booking = await started<Booking>({ registry, schema, message: "venue.Booking" });
  expect(() => booking.read(place.write({ id: "a" }))).toThrow(
    /the record is a venue.Place, expected venue.Booking/,
  );
  expect(codeOf(() => booking.read(Buffer.from("000000000102c801", "hex")))).toBe("OTHER_MESSAGE");
});

test("a file may import others that are registered", async () => {
  const registry = memorySchemaRegistry();
  const inner = 'syntax = "proto3"; package a; message Inner { string x = 1; }';
  await registry.register("inner", { schemaType: "PROTOBUF", schema: inner });
  const { write, read } = await started<object>({
    registry,
    schema: 'syntax = "proto3"; package a; import "inner.proto"; message Outer { Inner inner = 1; }',
    imports: [{ name: "inner.proto", subject: "inner", version: 1, schema: inner }],
  });
  expect(read(write({ inner: { x: "y" } }))).toStrictEqual({ inner: { x: "y" } });
  expect(write({}).subarray(5).toString("hex")).toBe("00");
});

test("null is no message, and a tombstone when wrapped", async () => {
  const { serde } = await started<Booking>({ schema, message: "venue.Booking" });
  expect(codeOf(() => serde.deserialize(Buffer.alloc(0), -1, -1))).toBe("NULL_PAYLOAD");
  expect(codeOf(() => serde.serialize(null as unknown as Booking))).toBe("DOES_NOT_FIT");
  expect(nullable(serde).deserialize(Buffer.alloc(0), -1, -1)).toBeNull();
  expect(nullable(serde).serialize(null)).toBeNull();
});

test("any bytes and any values give a value or an error of ours", async () => {
  const { read, write } = await started<unknown>({ schema, message: "venue.Booking" });
  const framed = Buffer.from("00000000010202", "hex");
  fc.assert(
    fc.property(fc.uint8Array(), fc.constantFrom(0, 5, 7), (bytes, kept) => {
      codeOf(() => read(Buffer.concat([framed.subarray(0, kept), bytes])));
    }),
    { numRuns: 500 },
  );
  const whole = Buffer.from(write(full));
  fc.assert(
    fc.property(fc.nat(), fc.nat(255), fc.nat(), (at, byte, length) => {
      const bytes = Buffer.from(whole);
      bytes[5 + (at % (bytes.length - 5))] = byte;
      codeOf(() => read(bytes.subarray(0, 7 + (length % bytes.length))));
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withMap: true, withTypedArray: true }), (value) => {
      codeOf(() => write(value));
    }),
    { numRuns: 300 },
  );
  const deep = Buffer.alloc(200_000, 0x0a);
  expect(codeOf(() => read(Buffer.concat([framed, deep])))).toBe("MALFORMED");
});

test("a field that every object inherits is there only where a value has it", async () => {
  const { serde: required } = await started<object>({
    schema: 'syntax = "proto2"; message M { required string constructor = 1; }',
  });
  expect(codeOf(() => required.serialize({}))).toBe("DOES_NOT_FIT");
  const bytes = Buffer.from(required.serialize({ constructor: "x" }) ?? []);
  expect(required.deserialize(bytes, 0, bytes.length)).toEqual({ constructor: "x" });
  const { serde: other } = await started<object>({ schema: version("string a = 1;") });
  expect(() => other.serialize({ constructor: "x" })).toThrow(/M.constructor is x, expected a field of M/);
});
