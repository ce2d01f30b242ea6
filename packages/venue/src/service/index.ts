export { avroDeadLetterReasons } from "./avro-dead-letter-reasons.ts";
export { type CapacityCacheSettings, capacityCacheSettings } from "./capacity-cache-settings.ts";
export { mongoComponent } from "./mongo-component.ts";
export { mongodbUri } from "./mongodb-uri.ts";
export { registryComponent } from "./registry-component.ts";
export { venueServiceSettings, type VenueServiceSettings } from "./venue-service-settings.ts";
export { venueServiceTopic } from "./venue-service-topic.ts";
