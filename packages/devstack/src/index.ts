export type { Component, Rung, StartOptions } from "./component.ts";
export { freePorts } from "./free-port.ts";
export { type KafkaStartOptions, startKafka } from "./kafka.ts";
export { kafkaOnJvm } from "./kafka-jvm.ts";
export { forcedRung } from "./ladder.ts";
export { startMongo } from "./mongo.ts";
export { startRegistry } from "./registry.ts";
export { simulatedRegistry } from "./simulated-registry.ts";
export { cached, checkJvm, maven } from "./maven-cache.ts";
