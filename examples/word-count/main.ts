import { createApp, kafka } from "@millrace/streams";
import { counts, lines, wordCount } from "./word-count.ts";

const transport = kafka({ brokers: (process.env["KAFKA_BROKERS"] ?? "localhost:9092").split(",") });
const app = createApp(wordCount, { transport });

app.onState((state) => console.log(state));
// A clean end: commits what was counted, leaves the group, closes.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void app.stop());

await transport.connect();
await transport.createTopics(
  [lines, counts].map(({ name }) => ({ topic: name, partitions: 4, configs: {} })),
);
await app.start();
await app.done(); // rejects with what ended it, if it was not stopped
