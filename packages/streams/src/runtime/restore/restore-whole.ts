import type { StateStore } from "../../state/state-store.ts";
import type { TopicPartition } from "../../transport/topic-partition.ts";
import { Restorer, type RestorerEnvironment } from "./restorer.ts";

/** Slices of this length leave turns to everything else, ms. */
const sliceMs = 15;

/** Reads whole changelogs into stores, up to their ends as they are now, for who has no loop of its own. */
export const restoreWhole = async (
  stores: readonly (TopicPartition & { readonly store: StateStore })[],
  environment: Omit<RestorerEnvironment, "onAvailable">,
): Promise<void> => {
  const { transport, clock } = environment;
  const [begins, ends] = await Promise.all([
    transport.listOffsets(stores, "earliest", false),
    transport.listOffsets(stores, "latest", false),
  ]);
  const offset = (offsets: typeof begins, { topic, partition }: TopicPartition): number =>
    offsets.find(({ partition: at }) => at.topic === topic && at.partition === partition)?.offset ?? 0;
  let scheduled = false;
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    clock.setImmediate(() => {
      scheduled = false;
      if (restorer.work(clock.monotonic() + sliceMs)) schedule();
    });
  };
  const restorer = new Restorer({ ...environment, onAvailable: schedule });
  try {
    await Promise.all(
      stores.map((store) =>
        restorer.restore({ ...store, task: "", from: offset(begins, store), end: offset(ends, store) }),
      ),
    );
  } finally {
    await restorer.close();
  }
};
