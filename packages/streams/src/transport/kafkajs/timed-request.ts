import type { CommitRequest, ProducerOptions } from "../record-producer.ts";
import { timed } from "../timed.ts";

/** Tells a producer's listener, where there is one, how long a part of a commit took. */
export const timedRequest = <T>(
  onAnswer: ProducerOptions["onAnswer"],
  request: CommitRequest,
  answer: Promise<T>,
): Promise<T> => timed(answer, onAnswer && ((ms) => onAnswer(request, ms)), () => performance.now());
