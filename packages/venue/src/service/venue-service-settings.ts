import {
  type Environment,
  registrySettings,
  type RegistrySettings,
  serviceSettings,
  type ServiceSettings,
} from "@millrace/service/settings";

/** What every service of the venue reads from its environment, beside what any service does. */
export interface VenueServiceSettings extends ServiceSettings {
  readonly registry: RegistrySettings;
  readonly timeZone: string;
}

/** Reads them; the caller calls `environment.check()`. `group` is the variable of the application id, with its default. */
export const venueServiceSettings = (
  environment: Environment,
  group: readonly [variable: string, fallback: string],
): VenueServiceSettings => ({
  ...serviceSettings(environment, group),
  registry: registrySettings(environment),
  timeZone: environment.timeZone("VENUE_TIME_ZONE", "UTC"),
});
