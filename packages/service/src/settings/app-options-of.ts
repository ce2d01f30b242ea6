import type { AppOptions } from "@millrace/streams";
import type { ServiceSettings } from "./service-settings.ts";

/** The part of an application's options that follows from them. */
export const appOptionsOf = (
  settings: ServiceSettings,
): Pick<
  AppOptions,
  | "applicationId"
  | "guarantee"
  | "sessionTimeoutMs"
  | "heartbeatIntervalMs"
  | "deadLetterTopic"
  | "lateTopic"
  | "commitIntervalMs"
  | "instanceId"
> => ({
  applicationId: settings.applicationId,
  guarantee: settings.guarantee,
  sessionTimeoutMs: settings.sessionTimeoutMs,
  heartbeatIntervalMs: settings.heartbeatIntervalMs,
  deadLetterTopic: settings.deadLetter,
  ...(settings.late !== undefined && { lateTopic: settings.late }),
  ...(settings.instanceId !== undefined && { instanceId: settings.instanceId }),
  ...(settings.commitIntervalMs !== undefined && { commitIntervalMs: settings.commitIntervalMs }),
});
