import { MillraceError, type RecordPosition } from "@millrace/streams";

/** Why something could not be done in MongoDB. */
export type MongoErrorCode =
  | "MONGO_CONNECT"
  | "MONGO_INDEX"
  | "MONGO_WRITE"
  /** The sink or the lookup was closed while it waited for MongoDB. */
  | "MONGO_CLOSED"
  /** No answer came, not even an error. Retriable. */
  | "MONGO_STALLED"
  /** Another operation found the client stuck, and it was replaced. Retriable. */
  | "MONGO_RENEWED";

/** What a MongoError carries beside its code and message. */
export interface MongoErrorOptions extends ErrorOptions {
  readonly position?: RecordPosition;
  readonly retriable?: boolean;
}

/** An error of this package; its message says what to do, and never contains credentials. */
export class MongoError extends MillraceError {
  override readonly name = "MongoError";
  constructor(code: MongoErrorCode, message: string, options: MongoErrorOptions = {}) {
    super(message, { code, ...options });
  }
}
