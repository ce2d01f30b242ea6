import type { CommittedNumber, TaskContext } from "../runtime/task/task-context.ts";

/**
 * The stream time of an aggregation, by input: as on the JVM each input of a cogroup has its own, for updates. Finals
 * are told once for all of them, and so by one time. Where a JVM application has run in between, it is not before the
 * newest row, nor before what closed the windows that are closed, `closesAfter` ms after their ends. Whose input made a
 * row is not known, so those of cogroups begin as the JVM begins them: with their next records.
 */
export const observedTimes = (
  task: TaskContext,
  store: { readonly name: string; readonly restoredTime: number },
  inputs: Readonly<Record<string, unknown>>,
  closesAfter: number | undefined,
): ((label: string) => CommittedNumber) => {
  const one = closesAfter !== undefined || Object.keys(inputs).length === 1;
  const name = `${store.name}-stream-time`;
  const closedTo = closesAfter === undefined ? -1 : task.committedNumber(store.name).value;
  const closedAt = closedTo < 0 ? -1 : closedTo + (closesAfter ?? 0);
  const common = one ? task.committedTime(name, Math.max(store.restoredTime, closedAt)) : undefined;
  return (label) => common ?? task.committedNumber(`${name}-${label}`);
};
