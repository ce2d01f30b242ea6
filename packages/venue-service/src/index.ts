export { startVenue, type VenueServiceOptions } from "./venue-app.ts";
export { type VenueSettings, venueSettings } from "./venue-settings.ts";
