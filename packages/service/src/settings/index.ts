export { Environment, EnvironmentError } from "./environment.ts";
export { settingsHelp, type SettingHelp, kafkaSettingsHelp, runSettingsHelp } from "./settings-help.ts";
export { kafkaSettings } from "./kafka-settings.ts";
export { type LogThreshold, serviceSettings, type ServiceSettings } from "./service-settings.ts";
