export { demoBookings } from "./bookings.ts";
export { expectedDemand } from "./expected-demand.ts";
