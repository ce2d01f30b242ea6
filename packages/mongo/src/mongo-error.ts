import { MillraceError, type RecordPosition } from "@millrace/streams";

/** Why something could not be done in MongoDB. */
export type MongoErrorCode =
  /** No connection string, no database in it, nobody answers, or the login is refused. */
  | "MONGO_CONNECT"
  /** An index can't be created, or is there with other options. */
  | "MONGO_INDEX"
  /** MongoDB refuses what a record writes. Its position is in the error. */
  | "MONGO_WRITE"
  /** The sink or the lookup was closed while it waited for MongoDB. */
  | "MONGO_CLOSED"
  /** No answer came, not even an error. Retriable. */
  | "MONGO_STALLED"
  /** Another operation found the client stuck, and it was replaced. Retriable. */
  | "MONGO_RENEWED";

/** What a MongoError carries beside its code and message. */
export interface MongoErrorOptions extends ErrorOptions {
  /** Of the record whose doing it is. */
  readonly position?: RecordPosition;
  /** Whether the same call can succeed later; false by default. */
  readonly retriable?: boolean;
}

/** An error of this package; its message says what to do, and never contains credentials. */
export class MongoError extends MillraceError {
  override readonly name = "MongoError";
  constructor(code: MongoErrorCode, message: string, options: MongoErrorOptions = {}) {
    super(message, { code, ...options });
  }
}
