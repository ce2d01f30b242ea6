// How long reading and writing a booking event takes, beside avsc in the same run: pnpm --filter @millrace/avro run bench
import { readFileSync } from "node:fs";
import avsc from "avsc";
import { compileReader } from "../../src/codec/compile-reader.ts";
import { compileWriter } from "../../src/codec/compile-writer.ts";
import { defaultForm } from "../../src/codec/value-form.ts";
import { parseSchema } from "../../src/schema/parse-schema.ts";

interface Field {
  readonly name: string;
  readonly type: unknown;
}
const schema = JSON.parse(
  readFileSync(new URL("../../../../schemas/booking-event.avsc", import.meta.url), "utf8"),
) as { readonly name: string; readonly type: "record"; readonly fields: readonly Field[] };
const chosen = ["action", "timestamp", "attendees"];
const projected = { ...schema, fields: schema.fields.filter(({ name }) => chosen.includes(name)) };
const wider = { ...schema, fields: [...schema.fields, { name: "extra", type: "string" }] };

const values = Array.from({ length: 1_000 }, (_, i) => ({
  eventId: `booking-${100_000 + i}`,
  action: ["CREATED", "UPDATED", "DELETED"][i % 3],
  timestamp: 1_767_225_600_000 + i * 977,
  subLocationId: `sub-${i % 50}`,
  locationId: i % 4 === 0 ? null : `loc-${i % 7}`,
  eventName: `Yoga für alle, Kurs ${i}`,
  startDate: 1_767_225_600_000 + i * 3_600_000,
  endDate: 1_767_229_200_000 + i * 3_600_000,
  attendees: i % 200,
  capacityDelta: -(i % 9),
  previousAttendees: i % 3 === 0 ? null : 17,
  extra: "x",
}));

const node = parseSchema(schema);
const ours = {
  write: compileWriter(node, defaultForm),
  read: compileReader<unknown>(node, node, defaultForm),
  project: compileReader<unknown>(node, parseSchema(projected), defaultForm),
  resolve: compileReader<unknown>(parseSchema(wider), node, defaultForm),
};
const typeOf = (json: unknown) => avsc.Type.forSchema(json as avsc.Schema, { omitRecordMethods: true });
const type = typeOf(schema);
const projectedType = typeOf(projected);
const projection = projectedType.createResolver(type);
const resolution = type.createResolver(typeOf(wider));
const scratch = Buffer.alloc(4_096);

const bodies = values.map((value) => ours.write(value, 0));
const wide = values.map((value) => compileWriter(parseSchema(wider), defaultForm)(value, 0));

const contests: readonly (readonly [string, () => void, () => void])[] = [
  [
    "read",
    () => bodies.forEach((bytes) => ours.read(bytes, 0, bytes.length)),
    () => bodies.forEach((bytes) => type.decode(bytes, 0)),
  ],
  [
    "read, one field more was written",
    () => wide.forEach((bytes) => ours.resolve(bytes, 0, bytes.length)),
    () => wide.forEach((bytes) => type.decode(bytes, 0, resolution)),
  ],
  [
    "read 3 fields of 11",
    () => bodies.forEach((bytes) => ours.project(bytes, 0, bytes.length)),
    () => bodies.forEach((bytes) => projectedType.decode(bytes, 0, projection)),
  ],
  [
    "write",
    () => values.forEach((value) => ours.write(value, 0)),
    () =>
      values.forEach((value) => {
        const end = type.encode(value, scratch, 0);
        Buffer.from(scratch.subarray(0, end));
      }),
  ],
];

/** The best of several rounds, ns a record: others use the machine, too. */
const measure = (run: () => void): number => {
  for (let i = 0; i < 50; i++) run();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 50; i++) run();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 50 / values.length);
  }
  return best;
};
for (const [name, mine, theirs] of contests) {
  const [own, other] = [measure(mine), measure(theirs)];
  process.stdout.write(
    `${name.padEnd(34)} ${own.toFixed(0)} ns, avsc ${other.toFixed(0)} ns: ${(other / own).toFixed(2)} times as fast\n`,
  );
}
