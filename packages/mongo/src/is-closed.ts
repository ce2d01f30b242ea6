import {
  MongoClientClosedError,
  MongoNotConnectedError,
  MongoServerClosedError,
  MongoTopologyClosedError,
} from "mongodb";

/**
 * Whether the driver gave an operation up because it closed what that was to go through: the client itself, or one that
 * did not get connected at its first try, with all that waited for it. No record's doing.
 */
export const isClosed = (error: unknown): boolean =>
  error instanceof MongoTopologyClosedError ||
  error instanceof MongoServerClosedError ||
  error instanceof MongoClientClosedError ||
  error instanceof MongoNotConnectedError ||
  // Its class is not exported.
  (error instanceof Error && error.name === "MongoPoolClosedError");
