import type { CommittedNumber, TaskContext } from "../runtime/task/task-context.ts";

/**
 * The stream time of an aggregation, by input: as on the JVM each input of a cogroup has its own, for updates. Finals
 * are told once for all of them, and so by one time.
 */
export const observedTimes = (
  task: TaskContext,
  store: string,
  inputs: Readonly<Record<string, unknown>>,
  shared: boolean,
): ((label: string) => CommittedNumber) => {
  const one = shared || Object.keys(inputs).length === 1;
  const name = `${store}-stream-time`;
  const common = one ? task.committedNumber(name) : undefined;
  return (label) => common ?? task.committedNumber(`${name}-${label}`);
};
