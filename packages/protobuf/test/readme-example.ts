import { protobuf, schemaRegistry } from "@millrace/protobuf";
import { nullable, string, topic } from "@millrace/streams";

interface Booking {
  readonly id: string;
  readonly attendees?: number;
}

const registry = schemaRegistry({ url: process.env["SCHEMA_REGISTRY_URL"] ?? "http://localhost:8081" });

export const bookings = topic("bookings", {
  key: string(),
  value: nullable(
    protobuf<Booking>({
      registry,
      schema: `
        syntax = "proto3";
        package venue;
        message Booking {
          string id = 1;
          optional int32 attendees = 2;
        }`,
    }),
  ),
});
