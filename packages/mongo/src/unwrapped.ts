import { MongoBulkWriteError, MongoError as DriverError } from "mongodb";

/** The driver wraps an error that ends a bulk write as a whole in one that has neither its class nor all its labels. */
export const unwrapped = (thrown: unknown): unknown => {
  if (!(thrown instanceof MongoBulkWriteError)) return thrown;
  const inner: unknown = thrown.errorResponse;
  return inner instanceof DriverError ? inner : thrown;
};
