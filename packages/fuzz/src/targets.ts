import { avroSchemaTarget } from "./avro-schema-target.ts";
import { avroTarget } from "./avro-target.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { jsonSchemaTarget } from "./json-schema-target.ts";
import { protobufTarget } from "./protobuf-target.ts";
import { serdesTarget } from "./serdes-target.ts";
import { wireTarget } from "./wire-target.ts";

/** Everything that is fuzzed, by `npm run fuzz` for as long as one likes and by the unit tests for a second each. */
export const targets: readonly FuzzTarget[] = [
  avroTarget,
  avroSchemaTarget,
  jsonSchemaTarget,
  protobufTarget,
  serdesTarget,
  wireTarget,
];
