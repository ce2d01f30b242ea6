import { createServer } from "node:http";
import { createApp, kafka } from "@millrace/streams";
import { counts, lines, wordCount } from "../word-count/word-count.ts";
import { answerCounts } from "./serve-counts.ts";

const { KAFKA_BROKERS = "localhost:9092", HTTP_PORT = "8081" } = process.env;
const { APPLICATION_SERVER = `localhost:${HTTP_PORT}` } = process.env;
const transport = kafka({ brokers: KAFKA_BROKERS.split(",") });
// The others are told where this one can be asked, and it is told where they can.
const app = createApp(wordCount, { transport, standbyReplicas: 1, applicationServer: APPLICATION_SERVER });
const server = createServer(answerCounts(app, APPLICATION_SERVER));

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
