import { afterEach, beforeEach, expect, test } from "vitest";
import { World } from "../../../test/world.ts";
import { seconds, stream, string, to, topic, topology } from "../../index.ts";

const texts = { key: string(), value: string() };
const plain = topology("leaving", stream(topic("in", texts)).pipe(to(topic("out", texts))));

let world: World;
beforeEach(() => (world = new World({ topics: ["in", "out"] })));
afterEach(() => world.end());

test("a static member that is stopped to leave the group gives its tasks to the others at once", async () => {
  const leaving = await world.running(plain, { instanceId: "leaving" });
  expect(await world.until(() => leaving.tasks.active.length === 1)).toBe(true);
  const steady = await world.running(plain, { instanceId: "steady" });
  expect(steady.tasks.active).toEqual([]);
  await world.clock.run(leaving.stop({ leaveGroup: true }), seconds(10));
  // Otherwise it is waited for until its session ends, after 45 s.
  expect(await world.until(() => steady.tasks.active.length === 1, seconds(10))).toBe(true);
});
