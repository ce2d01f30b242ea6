import { schemaRegistry } from "@millrace/avro";
import { createApp, days, kafka } from "@millrace/streams";
import { bookingEventsDefaults, bookingEventsTopic } from "@millrace/venue";
import { cancellations, cancellationsPerHour } from "./cancellations-per-hour.ts";

const transport = kafka({ brokers: (process.env["KAFKA_BROKERS"] ?? "localhost:9092").split(",") });
const registry = schemaRegistry({ url: process.env["SCHEMA_REGISTRY_URL"] ?? "http://localhost:8081" });
const bookings = bookingEventsTopic({ registry });
const app = createApp(cancellationsPerHour(bookings), { transport });

app.onState((state) => console.log(state));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void app.stop());

await transport.connect();
await transport.createTopics([
  {
    topic: bookings.name,
    partitions: bookingEventsDefaults.partitions,
    configs: { "retention.ms": String(bookingEventsDefaults.retentionMs) },
  },
  { topic: cancellations.name, partitions: 6, configs: { "retention.ms": String(days(30)) } },
]);
await app.start();
await app.done();
