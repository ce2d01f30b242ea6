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
  | "standbyReplicas"
  | "applicationServer"
> => ({
  applicationId: settings.applicationId,
  guarantee: settings.guarantee,
  sessionTimeoutMs: settings.sessionTimeoutMs,
  heartbeatIntervalMs: settings.heartbeatIntervalMs,
  deadLetterTopic: settings.deadLetter,
  standbyReplicas: settings.standbyReplicas,
  ...(settings.applicationServer !== undefined && { applicationServer: settings.applicationServer }),
  ...(settings.late !== undefined && { lateTopic: settings.late }),
  ...(settings.instanceId !== undefined && { instanceId: settings.instanceId }),
  ...(settings.commitIntervalMs !== undefined && { commitIntervalMs: settings.commitIntervalMs }),
});
