import type { AppOptions, AppSettings } from "./app-options.ts";
import { systemClock } from "../../clock.ts";
import { checkSettings } from "../app/check-settings.ts";
import { defaultErrorHandlers, type ErrorHandlers } from "./error-handlers.ts";
import { consoleLog } from "./console-log.ts";
import { safeLog } from "../app/safe-log.ts";

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
    handlers: handlersOf(options.handlers, defaultErrorHandlers(options.deadLetterTopic !== undefined)),
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
  checkSettings(settings);
  return { ...settings, log: safeLog(settings.log) };
};

/** Those that are given, with the defaults of the others. */
const handlersOf = (given: Partial<ErrorHandlers> = {}, defaults: ErrorHandlers): ErrorHandlers => ({
  deserialization: given.deserialization ?? defaults.deserialization,
  processing: given.processing ?? defaults.processing,
  production: given.production ?? defaults.production,
  uncaught: given.uncaught ?? defaults.uncaught,
});
