import { isLegalName } from "../../legal-name.ts";
import { inspect } from "node:util";
import { MillraceError } from "../../errors.ts";
import type { AppSettings } from "../settings/app-options.ts";

/** What a whole number must be: `from` and up to `to`. */
interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** The longest time that a timer can be set to, and that Kafka's protocol can say: almost 25 days. ms. */
const longestMs = 2 ** 31 - 1;
const time: Bounds = { from: 1, to: longestMs };
const amount: Bounds = { from: 1, to: Number.MAX_SAFE_INTEGER };
const countOrNone: Bounds = { from: 0, to: Number.MAX_SAFE_INTEGER };

const numbers = {
  commitIntervalMs: { from: 0, to: longestMs },
  maxUncommittedBytes: amount,
  sessionTimeoutMs: time,
  heartbeatIntervalMs: time,
  rebalanceTimeoutMs: time,
  transactionTimeoutMs: time,
  replicationFactor: { from: 1, to: 2 ** 15 - 1 },
  maxFetchBytesPerPartition: { from: 1, to: 2 ** 31 - 1 },
  maxBufferedBytes: amount,
  maxStallMs: time,
  maxTaskIdleMs: { from: -longestMs, to: longestMs },
  stateCleanupDelayMs: time,
  standbyReplicas: countOrNone,
  acceptableRecoveryLag: countOrNone,
  maxWarmupReplicas: amount,
  probingRebalanceIntervalMs: time,
  repartitionPurgeIntervalMs: time,
  metadataMaxAgeMs: time,
} as const satisfies { readonly [Option in keyof AppSettings]?: Bounds };

const choices = {
  guarantee: ["exactly_once", "at_least_once"],
  startFrom: ["earliest", "latest"],
  onOffsetOutOfRange: ["earliest", "latest", "fail"],
  onStateWithoutOffsets: ["fail", "continue"],
  onOffsetsWithoutState: ["fail", "continue", "rewind"],
  onUnreadRepartition: ["fail", "ignore"],
  onTopicRecreated: ["fail", "restart"],
  compression: ["none", "gzip", "snappy", "lz4", "zstd"],
  caching: [true, false],
} as const satisfies { readonly [Option in keyof AppSettings]?: readonly AppSettings[Option][] };

/** What becomes part of names in Kafka. */
const names = ["applicationId", "instanceId", "deadLetterTopic", "lateTopic"] as const;

/** What must have a method of this name. */
const parts = { transport: "connect", state: "openTask", clock: "monotonic", tracer: "begin" } as const;

/** Throws a MillraceError `CONFIG` that names the option, what it is and what it may be. */
export const checkSettings = (settings: AppSettings): void => {
  for (const [option, method] of Object.entries(parts)) {
    const part = settings[option as keyof typeof parts] as unknown;
    if ((option === "state" || option === "tracer") && part === undefined) continue;
    if (typeof (part as Readonly<Record<string, unknown>> | null | undefined)?.[method] !== "function")
      refuse(option, part, examples[option as keyof typeof parts]);
  }
  for (const [option, bounds] of Object.entries(numbers)) {
    const value = settings[option as keyof typeof numbers] as unknown;
    if (option === "replicationFactor" && value === undefined) continue;
    if (!isWithin(value, bounds)) refuse(option, value, `a whole number ${textOf(bounds)}`);
  }
  for (const [option, allowed] of Object.entries(choices)) {
    const value = settings[option as keyof typeof choices] as unknown;
    if (option === "onOffsetOutOfRange" && value === undefined) continue;
    if (!(allowed as readonly unknown[]).includes(value))
      refuse(option, value, allowed.map((one) => shown(one)).join(" or "));
  }
  for (const option of names) {
    const value = settings[option] as unknown;
    if (value === undefined) continue;
    if (typeof value !== "string" || !isLegalName(value))
      refuse(option, value, 'a name in Kafka: letters, digits, ".", "_" and "-", 1 to 249 of them');
  }
  for (const [name, handler] of Object.entries<unknown>(
    settings.handlers as unknown as Record<string, unknown>,
  ))
    if (typeof handler !== "function") refuse(`handlers.${name}`, handler, "a function");
  if (typeof settings.log !== "function") refuse("log", settings.log, "a function");
  checkPlacement(settings);
  checkTogether(settings);
};

const examples = {
  transport: "kafka({ brokers }), or a simulated cluster's transport()",
  state: "a state backend, as lmdbState() makes it",
  clock: "a Clock",
  tracer: "a record tracer, as traceRecords() makes it",
} as const;

/** What says where this member is, and where standbys go. */
const checkPlacement = ({ applicationServer, clientTags, rackAwareAssignmentTags }: AppSettings): void => {
  if (
    applicationServer !== undefined &&
    !(typeof applicationServer === "string" && /^.+:\d+$/u.test(applicationServer))
  )
    refuse("applicationServer", applicationServer, '"host:port"');
  const tags: unknown = clientTags;
  if (typeof tags !== "object" || tags === null || Object.values(tags).some((tag) => typeof tag !== "string"))
    refuse("clientTags", tags, "an object of texts");
  const aware: unknown = rackAwareAssignmentTags;
  if (!Array.isArray(aware) || aware.some((tag) => typeof tag !== "string"))
    refuse("rackAwareAssignmentTags", aware, "an array of texts");
};

/** What one option says of another. */
const checkTogether = (settings: AppSettings): void => {
  const { guarantee, commitIntervalMs, transactionTimeoutMs, heartbeatIntervalMs, sessionTimeoutMs } =
    settings;
  if (heartbeatIntervalMs * 2 > sessionTimeoutMs)
    refuse(
      "heartbeatIntervalMs",
      heartbeatIntervalMs,
      `at most half of sessionTimeoutMs, which is ${sessionTimeoutMs}`,
    );
  if (guarantee === "exactly_once" && commitIntervalMs >= transactionTimeoutMs)
    refuse(
      "commitIntervalMs",
      commitIntervalMs,
      `less than transactionTimeoutMs, which is ${transactionTimeoutMs}, under exactly_once`,
    );
};

const isWithin = (value: unknown, { from, to }: Bounds): boolean =>
  Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to;

const textOf = ({ from, to }: Bounds): string =>
  to === Number.MAX_SAFE_INTEGER ? `of ${from} or more` : `from ${from} to ${to}`;

const shown = (value: unknown): string => {
  if (typeof value === "string") return `"${value}"`;
  return typeof value === "object" && value !== null ? inspect(value, { depth: 1 }) : String(value);
};

const refuse = (option: string, value: unknown, allowed: string): never => {
  throw new MillraceError(`${option} is ${shown(value)}; it must be ${allowed}`, { code: "CONFIG" });
};
