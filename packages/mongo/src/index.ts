export { type Cached, type CachedLookup, cachedLookup, type CachedLookupOptions } from "./cached-lookup.ts";
export { connectMongo, type ConnectMongoOptions } from "./connect-mongo.ts";
export type { Effect, EffectWrite, EventPosition, Outcome } from "./effect.ts";
export type { EffectTarget, Writable } from "./effect-target.ts";
export { ensureIndexes, type IndexSpec } from "./ensure-indexes.ts";
export { MongoConnection } from "./mongo-connection.ts";
export { MongoError, type MongoErrorCode, type MongoErrorOptions } from "./mongo-error.ts";
export { MongoSink, type MongoSinkOptions } from "./mongo-sink.ts";
export { processedEvents, processedEventsIndexes } from "./processed-events.ts";
