import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import avsc from "avsc";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeAvro } from "./decode-avro.ts";

const schema = {
  type: "record",
  name: "venue.Booking",
  fields: [
    { name: "id", type: "string" },
    { name: "attendees", type: ["null", "int"] },
    { name: "name", type: "string" },
  ],
} as const;
const type = avsc.Type.forSchema(schema as unknown as avsc.Schema);

/** A registry that knows schema 7 alone. */
const server = createServer((request, response) => {
  const known = request.url === "/schemas/ids/7";
  response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
  response.end(
    JSON.stringify(known ? { schema: JSON.stringify(schema) } : { error_code: 40_403, message: "not found" }),
  );
});
let url = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const framed = (id: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 0, id]), bytes]);
const encoded = type.toBuffer({ id: "b1", attendees: 4, name: "a\nconcert" });

test("shows every field, on a line each", async () => {
  expect(await decodeAvro(framed(7, encoded), { url })).toEqual([
    "Avro schema 7, venue.Booking",
    '  id: "b1"',
    '  attendees: {"int":4}',
    '  name: "a\\nconcert"',
  ]);
});

test("goes as far as the bytes do", async () => {
  expect(await decodeAvro(framed(7, encoded.subarray(0, 6)), { url })).toEqual([
    "Avro schema 7, venue.Booking",
    '  id: "b1"',
    '  attendees: {"int":4}',
    "  name: the bytes end here, at 10 of 11",
  ]);
  const branch = Buffer.from(encoded);
  branch[3] = 99;
  expect((await decodeAvro(framed(7, branch), { url }))?.at(-1)).toMatch(/attendees: unreadable at byte 8/);
});

test("says what is left over, and that a schema is not known", async () => {
  expect((await decodeAvro(framed(7, Buffer.concat([encoded, Buffer.alloc(2)])), { url }))?.at(-1)).toBe(
    "  and 2 bytes too many",
  );
  expect(await decodeAvro(framed(8, encoded), { url })).toEqual([
    expect.stringMatching(/^Avro schema 8: the schema registry at \S+ knows no schema 8/),
  ]);
});

test("what is framed otherwise is not Avro", async () => {
  expect(await decodeAvro(Buffer.from("{}"), { url })).toBeUndefined();
  expect(await decodeAvro(Buffer.from("not avro"), { url })).toBeUndefined();
});
