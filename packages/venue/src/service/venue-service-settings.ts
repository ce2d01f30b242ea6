import { type Environment, serviceSettings, type ServiceSettings } from "@millrace/service/settings";

/** What every service of the venue reads from its environment, beside what any service does. */
export interface VenueServiceSettings extends ServiceSettings {
  readonly registryUrl: string;
  readonly timeZone: string;
}

/** Reads them; the caller calls `environment.check()`. `group` is the variable of the application id, with its default. */
export const venueServiceSettings = (
  environment: Environment,
  group: readonly [variable: string, fallback: string],
): VenueServiceSettings => ({
  ...serviceSettings(environment, group),
  registryUrl: environment.url("SCHEMA_REGISTRY_URL", "the URL of a schema registry"),
  timeZone: environment.timeZone("VENUE_TIME_ZONE", "UTC"),
});
