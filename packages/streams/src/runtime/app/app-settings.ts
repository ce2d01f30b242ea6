import { MillraceError } from "../../errors.ts";
import type { AppOptions, AppSettings } from "./app-options.ts";
import { systemClock } from "../../clock.ts";
import { defaultErrorHandlers } from "./error-handlers.ts";
import { consoleLog } from "./console-log.ts";

/** Fills in the defaults and refuses what can't work. Throws a MillraceError `CONFIG` that names the option. */
export const appSettings = (options: AppOptions, topologyName: string): AppSettings => {
  const guarantee = options.guarantee ?? "exactly_once";
  const settings: AppSettings = {
    transport: options.transport,
    applicationId: options.applicationId ?? topologyName,
    guarantee,
    commitIntervalMs: options.commitIntervalMs ?? (guarantee === "exactly_once" ? 100 : 30_000),
    maxUncommittedBytes: options.maxUncommittedBytes ?? 32 * 1024 * 1024,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 45_000,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 3_000,
    rebalanceTimeoutMs: options.rebalanceTimeoutMs ?? 60_000,
    instanceId: options.instanceId,
    transactionTimeoutMs: options.transactionTimeoutMs ?? 10_000,
    startFrom: options.startFrom ?? "earliest",
    onOffsetOutOfRange: options.onOffsetOutOfRange,
    onStateWithoutOffsets: options.onStateWithoutOffsets ?? "fail",
    onOffsetsWithoutState: options.onOffsetsWithoutState ?? "fail",
    onUnreadRepartition: options.onUnreadRepartition ?? "fail",
    onTopicRecreated: options.onTopicRecreated ?? "fail",
    deadLetterTopic: options.deadLetterTopic,
    lateTopic: options.lateTopic,
    handlers: { ...defaultErrorHandlers(options.deadLetterTopic !== undefined), ...options.handlers },
    compression: options.compression ?? "none",
    replicationFactor: options.replicationFactor,
    maxFetchBytesPerPartition: options.maxFetchBytesPerPartition ?? 1024 * 1024,
    maxBufferedBytes: options.maxBufferedBytes ?? 64 * 1024 * 1024,
    maxStallMs: options.maxStallMs ?? 300_000,
    maxTaskIdleMs: options.maxTaskIdleMs ?? 0,
    state: options.state,
    stateCleanupDelayMs: options.stateCleanupDelayMs ?? 600_000,
    standbyReplicas: options.standbyReplicas ?? 0,
    acceptableRecoveryLag: options.acceptableRecoveryLag ?? 10_000,
    maxWarmupReplicas: options.maxWarmupReplicas ?? 2,
    probingRebalanceIntervalMs: options.probingRebalanceIntervalMs ?? 600_000,
    clientTags: options.clientTags ?? {},
    rackAwareAssignmentTags: options.rackAwareAssignmentTags ?? [],
    applicationServer: options.applicationServer,
    caching: options.caching ?? true,
    repartitionPurgeIntervalMs: options.repartitionPurgeIntervalMs ?? 30_000,
    metadataMaxAgeMs: options.metadataMaxAgeMs ?? 300_000,
    tracer: options.tracer,
    log: options.log ?? consoleLog,
    clock: options.clock ?? systemClock,
  };
  if (!(settings.commitIntervalMs >= 0)) refuse("commitIntervalMs", settings.commitIntervalMs, "0 or more");
  if (!(settings.heartbeatIntervalMs > 0 && settings.heartbeatIntervalMs * 2 <= settings.sessionTimeoutMs))
    refuse(
      "heartbeatIntervalMs",
      settings.heartbeatIntervalMs,
      "more than 0, at most half of sessionTimeoutMs",
    );
  if (guarantee === "exactly_once" && settings.commitIntervalMs >= settings.transactionTimeoutMs)
    refuse(
      "commitIntervalMs",
      settings.commitIntervalMs,
      "less than transactionTimeoutMs under exactly_once",
    );
  checkPlacement(settings);
  return settings;
};

/** What says where tasks and standbys go. */
const checkPlacement = ({
  standbyReplicas,
  acceptableRecoveryLag,
  maxWarmupReplicas,
  probingRebalanceIntervalMs,
  applicationServer,
}: AppSettings): void => {
  const counts = { standbyReplicas, acceptableRecoveryLag };
  for (const [option, value] of Object.entries(counts))
    if (!(Number.isInteger(value) && value >= 0)) refuse(option, value, "a whole number, 0 or more");
  if (!(Number.isInteger(maxWarmupReplicas) && maxWarmupReplicas >= 1))
    refuse("maxWarmupReplicas", maxWarmupReplicas, "a whole number, 1 or more");
  if (!(probingRebalanceIntervalMs > 0))
    refuse("probingRebalanceIntervalMs", probingRebalanceIntervalMs, "more than 0");
  if (applicationServer !== undefined && !/^.+:\d+$/u.test(applicationServer))
    refuse("applicationServer", `"${applicationServer}"`, '"host:port"');
};

const refuse = (option: string, value: number | string, allowed: string): never => {
  throw new MillraceError(`${option} is ${value}; it must be ${allowed}`, { code: "CONFIG" });
};
