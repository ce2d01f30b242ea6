export type { Booking } from "./booking.ts";
export { createdEvent, deletedEvent, updatedEvents } from "./booking-changes.ts";
export { bookingClient, type BookingClientSettings } from "./booking-client.ts";
export {
  bookingLoad,
  type BookingLoadOptions,
  type Scenario,
  scenarios,
  spanOf,
} from "./load/booking-load.ts";
export type { BookingLifecycle } from "./publisher/booking-lifecycle.ts";
export type { BookingPublisher, CloseReport } from "./publisher/booking-publisher.ts";
export {
  type BookingPublisherOptions,
  createBookingPublisher,
} from "./publisher/create-booking-publisher.ts";
export type { DeliverySettings, DropReason } from "./publisher/delivery-settings.ts";
export { PublishError, type PublishErrorCode, type Whereabouts } from "./publisher/publish-error.ts";
export type { PublisherCounters } from "./publisher/publisher-counters.ts";
export { type BookingEvent, bookingEventSchema } from "./schemas/booking-event.ts";
export { type DemandHourly, demandHourlySchema } from "./schemas/demand-hourly.ts";
export { SeededRandom } from "./load/seeded-random.ts";
export {
  bookingEventsDefaults,
  bookingEventsTopic,
  demandHourlyDefaults,
  demandHourlyTopic,
  type VenueTopic,
  type VenueTopicOptions,
} from "./topics.ts";
export { InvalidBookingError, type InvalidBookingCode, validateBooking } from "./validate-booking.ts";
