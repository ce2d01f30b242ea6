import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { best, bestPlayers, players } from "./top-n.ts";

test("the best three change when a player wins more, moves to another game, or goes", () => {
  const driver = new TestDriver(bestPlayers());
  const last = (): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(driver.readOutput(best).map(({ key, value }) => [key, value]));
  for (const [id, name] of ["ann", "bob", "cem", "dan"].entries())
    driver.pipeInput(players, id, { game: "go", name, points: 10 * (id + 1) });
  expect(last()).toEqual({ go: ["dan", "cem", "bob"] });
  driver.pipeInput(players, 0, { game: "go", name: "ann", points: 100 });
  expect(last()).toEqual({ go: ["ann", "dan", "cem"] });
  driver.pipeInput(players, 3, { game: "chess", name: "dan", points: 5 });
  expect(last()).toEqual({ go: ["ann", "cem", "bob"], chess: ["dan"] });
  driver.pipeBytes("players", players.key.serialize(0), null, 0);
  expect(last()).toEqual({ go: ["cem", "bob"] });
});
