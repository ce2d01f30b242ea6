import type { StateStore } from "../../state/state-store.ts";
import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";
import { listedOffsets } from "../topics/listed-offsets.ts";
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
    listedOffsets(transport, stores, "earliest"),
    listedOffsets(transport, stores, "latest"),
  ]);
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
      stores.map((store) => {
        const name = topicPartitionName(store.topic, store.partition);
        return restorer.restore({
          ...store,
          task: "",
          from: begins.get(name) ?? 0,
          end: ends.get(name) ?? 0,
        });
      }),
    );
  } finally {
    await restorer.close();
  }
};
