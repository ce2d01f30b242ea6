export { Environment, EnvironmentError } from "./environment.ts";
export {
  kafkaSettingsHelp,
  registrySettingsHelp,
  runSettingsHelp,
  type SettingHelp,
  settingsHelp,
} from "./settings-help.ts";
export { kafkaSettings } from "./kafka-settings.ts";
export { registrySettings, type RegistrySettings } from "./registry-settings.ts";
export {
  type HttpSettings,
  type LogThreshold,
  serviceSettings,
  type ServiceSettings,
} from "./service-settings.ts";
export { zonedTime } from "./zoned-time.ts";
