import { createApp, kafka } from "@millrace/streams";
import { counts, lines, wordCount } from "../word-count/word-count.ts";
import { serveCounts } from "./serve-counts.ts";

const { KAFKA_BROKERS = "localhost:9092", HTTP_PORT = "8081", PEERS = "" } = process.env;
const transport = kafka({ brokers: KAFKA_BROKERS.split(",") });
const app = createApp(wordCount, { transport });
const server = serveCounts(
  app,
  PEERS.split(",").filter((peer) => peer !== ""),
);

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    server.close();
    void app.stop();
  });

await transport.connect();
await transport.createTopics(
  [lines, counts].map(({ name }) => ({ topic: name, partitions: 4, configs: {} })),
);
await app.start();
server.listen(Number(HTTP_PORT));
await app.done();
