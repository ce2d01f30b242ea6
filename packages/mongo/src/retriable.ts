import {
  MongoAPIError,
  MongoBulkWriteError,
  MongoError as DriverError,
  MongoServerError,
  MongoWriteConcernError,
} from "mongodb";
import { MongoError } from "./mongo-error.ts";
import { isClosed } from "./is-closed.ts";
import { unwrapped } from "./unwrapped.ts";

const labels = [
  "RetryableWriteError",
  "TransientTransactionError",
  // The transaction is done again: its effects are guarded, its mark is unique.
  "UnknownTransactionCommitResult",
  "RetryableError",
  "SystemOverloadedError",
  "PoolRequestedRetry",
];

/** By the server's own names. */
const codes: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  13, // Unauthorized: whoever runs it gives the right, and the records are still there
  18, // AuthenticationFailed
  24, // LockTimeout
  43, // CursorNotFound: its server was restarted between two batches of an answer
  46, // LockBusy
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern
  112, // WriteConflict
  117, // ConflictingOperationInProgress
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  175, // QueryPlanKilled: the collection was dropped, or its index, while it was read
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  215, // DatabaseDropPending
  225, // TransactionTooOld
  237, // CursorKilled
  246, // SnapshotUnavailable
  251, // NoSuchTransaction
  261, // TooManyLogicalSessions
  262, // ExceededTimeLimit
  290, // TransactionExceededLifetimeLimitSeconds
  365, // TemporarilyUnavailable
  462, // IngressRequestRateLimitExceeded
  8000, // AtlasError: a quota that is used up, a login
  9001, // SocketException
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11601, // Interrupted: somebody ended the operation
  11602, // InterruptedDueToReplStateChange
  12586, // BackgroundOperationInProgressForDatabase
  12587, // BackgroundOperationInProgressForNamespace
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  14031, // OutOfDiskSpace
]);

/**
 * Whether an error is the server's trouble and not the record's: the same call can succeed later. A write concern that
 * was not met is one, too.
 */
export const isRetriable = (thrown: unknown): boolean => {
  if (thrown instanceof MongoError) return thrown.retriable;
  const error = unwrapped(thrown);
  if (!(error instanceof DriverError)) return false;
  if (labels.some((label) => error.hasErrorLabel(label)) || codes.has(error.code)) return true;
  if (error instanceof MongoBulkWriteError)
    return (
      [error.writeErrors].flat().some(({ code }) => codes.has(code)) ||
      error.result.getWriteConcernError() !== undefined
    );
  if (error instanceof MongoWriteConcernError || isClosed(error)) return true;
  // What the server refused, or the driver would not even send, is the record's doing. Any other trouble is not.
  return !(error instanceof MongoServerError || error instanceof MongoAPIError);
};
