import { schemaRegistry } from "@millrace/schema-registry";

const registry = schemaRegistry({
  // Several addresses may stand here, with commas between them.
  url: process.env["SCHEMA_REGISTRY_URL"] ?? "http://localhost:8081",
  auth: { username: "demand", password: "..." },
  log: (level, message) => process.stderr.write(`${level} ${message}\n`),
});
const schema = { type: "record", name: "Booking", fields: [{ name: "id", type: "string" }] };

export const id: number = await registry.register("bookings-value", schema);
