import { jsonSchema, schemaRegistry } from "@millrace/json-schema";
import { nullable, string, topic } from "@millrace/streams";

interface Booking {
  readonly id: string;
  readonly attendees?: number;
}

const registry = schemaRegistry({ url: process.env["SCHEMA_REGISTRY_URL"] ?? "http://localhost:8081" });

export const bookings = topic("bookings", {
  key: string(),
  value: nullable(
    jsonSchema<Booking>({
      registry,
      schema: {
        title: "Booking",
        type: "object",
        properties: { id: { type: "string" }, attendees: { type: "integer", minimum: 0 } },
        required: ["id"],
        additionalProperties: false,
      },
    }),
  ),
});
