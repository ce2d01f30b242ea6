import { registrySerdeContract } from "@millrace/schema-registry/testing";
import { test } from "vitest";
import { avro, avroLanguage } from "./index.ts";

registrySerdeContract(
  {
    language: avroLanguage,
    serde: (registry) =>
      avro<{ readonly id: string }>({
        registry,
        schema: { type: "record", name: "Booking", fields: [{ name: "id", type: "string" }] },
      }),
    value: { id: "a" },
    // Four characters of which three are there; nothing; and a byte too many.
    unreadable: [Buffer.from("08616263", "hex"), Buffer.alloc(0), Buffer.from("026161", "hex")],
    folder: new URL("..", import.meta.url),
  },
  test,
);
