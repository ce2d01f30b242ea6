import { partitionsOf } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";

/** Between two looks: how exact the end of a run is. */
const pauseMs = 10;

const name = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}-${partition}`;

/**
 * Waits until the group has committed the ends of these topics, as they are now: its transactions have ended then, as
 * offsets of an open one are not told.
 */
export const untilCommitted = async (
  transport: Transport,
  group: string,
  topics: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  const partitions = await partitionsOf(transport, topics);
  const ends = new Map(
    (await transport.listOffsets(partitions, "latest", true))
      .filter(({ offset }) => offset > 0)
      .map(({ partition, offset }) => [name(partition), offset]),
  );
  const coordinator = transport.groupCoordinator(group);
  while (!signal.aborted) {
    const committed = await coordinator.fetchOffsets(partitions);
    if (committed.every((at) => at.offset >= (ends.get(name(at)) ?? -1))) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
};
