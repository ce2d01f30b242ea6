import { avro, schemaRegistry } from "@millrace/avro";
import { nullable, string, topic } from "@millrace/streams";

interface Booking {
  readonly id: string;
  readonly attendees: number | null;
}

const registry = schemaRegistry({ url: process.env["SCHEMA_REGISTRY_URL"] ?? "http://localhost:8081" });

export const bookings = topic("bookings", {
  key: string(),
  value: nullable(
    avro<Booking>({
      registry,
      schema: {
        type: "record",
        name: "Booking",
        fields: [
          { name: "id", type: "string" },
          { name: "attendees", type: ["null", "int"], default: null },
        ],
      },
    }),
  ),
});
