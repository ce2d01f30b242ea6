export { bookingLoad, type BookingLoadOptions, type Scenario, scenarios, spanOf } from "./booking-load.ts";
export { Environment, EnvironmentError } from "./environment.ts";
export { kafkaSettings } from "./kafka-settings.ts";
export { type BookingPublisher, type BookingPublisherOptions, createBookingPublisher } from "./publisher.ts";
export { type BookingEvent, bookingEventSchema } from "./schemas/booking-event.ts";
export { type DemandHourly, demandHourlySchema } from "./schemas/demand-hourly.ts";
export { SeededRandom } from "./seeded-random.ts";
export {
  bookingEventsDefaults,
  bookingEventsTopic,
  demandHourlyDefaults,
  demandHourlyTopic,
  type VenueTopic,
  type VenueTopicOptions,
} from "./topics.ts";
export { InvalidBookingError, type InvalidBookingCode, validateBooking } from "./validate-booking.ts";
