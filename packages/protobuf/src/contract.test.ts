import { registrySerdeContract } from "@millrace/schema-registry/testing";
import { test } from "vitest";
import { protobuf, protobufLanguage } from "./index.ts";

registrySerdeContract(
  {
    language: protobufLanguage,
    serde: (registry) =>
      protobuf<{ readonly id: string }>({
        registry,
        schema: 'syntax = "proto3"; message Booking { string id = 1; }',
      }),
    value: { id: "a" },
    // After the message's index: five characters of which one is there. No index at all. An index of no message.
    unreadable: [Buffer.from("000a0561", "hex"), Buffer.alloc(0), Buffer.from("020e", "hex")],
    folder: new URL("..", import.meta.url),
  },
  test,
);
