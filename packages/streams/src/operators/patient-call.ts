import { MillraceError, messageOf, TopologyError } from "../errors.ts";
import type { AsyncCall, TaskContext } from "../runtime/task/task-context.ts";

/** How often a call is repeated. */
export interface CallRetry {
  /** Calls in all, the first included; 1 is none again. */
  readonly attempts: number;
  /** Before the second call, ms; doubles with each, and each is spread by up to half. 100. */
  readonly backoffMs?: number;
  /** At most between two calls, ms; 10,000. */
  readonly maxBackoffMs?: number;
}

/** How long a call may take, and how often it is tried. */
export interface CallPatience {
  /** After this long, ms, a call is taken for failed (code `TIMEOUT`), and its answer for nobody's. Never, unless given. */
  readonly timeoutMs?: number | undefined;
  /** Repeats a call that failed before the processing handler is asked. */
  readonly retry?: CallRetry | undefined;
}

/** A timer that is set to longer fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Throws where this can't be. */
export const checkPatience = ({ timeoutMs, retry }: CallPatience): void => {
  if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= longestTimerMs))
    throw new TopologyError(
      `the timeoutMs of a call must be more than 0, at most ${longestTimerMs}, not ${timeoutMs}`,
    );
  if (retry !== undefined && !(Number.isInteger(retry.attempts) && retry.attempts >= 1))
    throw new TopologyError(
      `the attempts of a call must be a whole number of 1 or more, not ${retry.attempts}`,
    );
  for (const option of ["backoffMs", "maxBackoffMs"] as const) {
    const ms = retry?.[option];
    if (ms !== undefined && !(ms >= 0 && ms <= longestTimerMs))
      throw new TopologyError(`the ${option} of a call must be from 0 to ${longestTimerMs}, not ${ms}`);
  }
};

/** Calls until there is an answer, or no patience left; waits on the task's clock, and no longer than it is open. */
export const patientCall = async <T>(
  task: TaskContext,
  about: Omit<AsyncCall, "since">,
  call: () => Promise<T> | T,
  { timeoutMs, retry }: CallPatience,
): Promise<T> => {
  const { attempts = 1, backoffMs = 100, maxBackoffMs = 10_000 } = retry ?? {};
  for (let attempt = 1; ; attempt++)
    try {
      return await (timeoutMs === undefined ? call() : inTime(task, about.operator, call, timeoutMs));
    } catch (error) {
      if (attempt >= attempts) throw error;
      task.log("warn", `${about.operator} failed, calling again: ${messageOf(error)}`, {
        attempt,
        ...about.position,
      });
      const pause = Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(attempt - 1, 30));
      await new Promise<void>((resolve) => void task.callLater(pause * (0.75 + task.random() / 2), resolve));
    }
};

const inTime = async <T>(
  task: TaskContext,
  operator: string,
  call: () => Promise<T> | T,
  timeoutMs: number,
): Promise<T> => {
  let end: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    end = task.callLater(timeoutMs, () =>
      reject(
        new MillraceError(`${operator} had no answer within ${timeoutMs} ms`, {
          code: "TIMEOUT",
          retriable: true,
        }),
      ),
    );
  });
  try {
    return await Promise.race([call(), late]);
  } finally {
    end?.();
  }
};
