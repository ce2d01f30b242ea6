import { leftJoin, string, to, topic, topology } from "../../../src/index.ts";
import { joinInput, joinResults, partitions, sides, windows } from "../stream-join-input.ts";
import type { Workload } from "../workload.ts";

const meetings = topic("meetings", { key: string(), value: string() });

/** A left join of two streams: each pair once, and each left record that met nobody once, when its time is over. */
export const workload: Workload = {
  name: "left-joined-streams",
  topics: { events: partitions, meetings: 2 },
  // Keys of the sides' own stores have numbers that count what was begun, and undone, too.
  stores: ["meet-left-shared-join-store"],
  topology: () => {
    const { left, right } = sides();
    return topology(
      "left-joined-streams",
      left.pipe(
        leftJoin(right, (one, other) => `${one}+${other ?? "none"}`, { name: "meet", windows }),
        to(meetings),
      ),
    );
  },
  input: joinInput,
  expected: (input) => [
    { topic: meetings, how: "set", values: joinResults(input, { left: true, right: false }) },
  ],
};
