import { rankOf } from "../../../transport/kafkajs/error-codes.ts";
import { TransportError } from "../../../transport/transport-error.ts";

/** What a broker answers that does not do as it was asked; `where` says what that was. */
export const refusal = (kafkaError: string, where: string): TransportError =>
  new TransportError(`${where}: ${kafkaError}`, kafkaError, rankOf(kafkaError));
