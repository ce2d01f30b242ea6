import {
  connectMongo,
  type Effect,
  ensureIndexes,
  MongoSink,
  processedEvents,
  processedEventsIndexes,
} from "@millrace/mongo";
import {
  type App,
  createApp,
  foreach,
  json,
  kafka,
  mapAsync,
  processValues,
  stream,
  string,
  topic,
  type Topology,
  topology,
  type ValueProcessorDefinition,
} from "@millrace/streams";

interface Order {
  readonly customer: string;
  readonly total: number;
}

export const orders = topic("orders", { key: string(), value: json<Order>() });

/** What one order does to the database. Adding is not safe to repeat: the mark in the same transaction makes it once. */
const effectOf = (order: Order, partition: number, offset: number): Effect => ({
  position: { topicId: orders.name, partition, offset },
  key: order.customer,
  writes: [
    {
      collection: "customers",
      operation: {
        updateOne: {
          filter: { name: order.customer },
          update: { $inc: { turnover: order.total } },
          upsert: true,
        },
      },
    },
  ],
  mark: true,
});

/** Where an order was read says what it is remembered by. */
const effects: ValueProcessorDefinition<string, Order, Effect, Record<string, never>> = {
  name: "effects",
  create: (context) => (record) => {
    const { partition, offset } = context.position ?? { partition: 0, offset: 0 };
    context.forward({ value: effectOf(record.value, partition, offset), timestamp: record.timestamp });
  },
};

export const turnover = (sink: MongoSink): Topology =>
  topology(
    "turnover",
    stream(orders).pipe(
      processValues(effects),
      // The commit of the orders' offsets waits until MongoDB has acknowledged all of it.
      mapAsync((effect) => sink.apply(effect), { concurrency: 256 }),
      foreach(() => undefined),
    ),
  );

export const start = async (brokers: readonly string[], uri: string): Promise<App> => {
  const mongo = await connectMongo(uri, { log: (level, message) => console.error(level, message) });
  await ensureIndexes(mongo.database.collection(processedEvents), processedEventsIndexes());
  const app = createApp(turnover(new MongoSink(mongo)), { transport: kafka({ brokers }) });
  await app.start();
  return app;
};
