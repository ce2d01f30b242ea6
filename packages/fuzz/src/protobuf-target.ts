import { memorySchemaRegistry, protobuf } from "@millrace/protobuf";
import fc from "fast-check";
import type { FuzzTarget } from "./fuzz-target.ts";
import { garbage, spoiling } from "./garbage.ts";
import { oursOnly } from "./ours-only.ts";

const schema = `
syntax = "proto3";
message Tree {
  enum Kind { NONE = 0; SOME = 1; }
  string id = 1;
  repeated Tree children = 2;
  map<string, Tree> named = 3;
  map<int64, uint64> longs = 4;
  repeated sint32 packed = 5;
  bytes raw = 6;
  Kind kind = 7;
  oneof either { double number = 8; Tree tree = 9; fixed64 wide = 10; }
}
`;
const value = {
  id: "a",
  children: [{ id: "b", packed: [1, -1, 300] }, { kind: "SOME" }],
  named: { x: { raw: Buffer.from("raw") } },
  longs: { "-5": 7 },
  tree: { number: 0.5 },
};

export const protobufTarget: FuzzTarget = {
  name: "protobuf",
  property: async () => {
    const serde = protobuf<unknown>({ registry: memorySchemaRegistry(), schema });
    await serde.start?.({ topic: "t", part: "value", use: "sink" });
    const written = Buffer.from(serde.serialize(value) ?? []);
    return fc.property(
      garbage,
      fc.array(spoiling, { maxLength: 10 }),
      fc.anything({ withBigInt: true }),
      (bytes, spoils, any) => {
        const framed = [
          Buffer.concat([written.subarray(0, 5), bytes]),
          Buffer.concat([written.subarray(0, 6), bytes]),
        ];
        for (const source of [bytes, ...framed, ...spoils.map((spoil) => spoil(written))])
          oursOnly(() => serde.deserialize(source, 0, source.length));
        oursOnly(() => serde.serialize(any));
      },
    );
  },
};
