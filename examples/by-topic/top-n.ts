import {
  aggregate,
  groupBy,
  json,
  long,
  mapValues,
  string,
  table,
  to,
  topic,
  type Topology,
  topology,
  toStream,
} from "@millrace/streams";

export interface Player {
  readonly game: string;
  readonly name: string;
  readonly points: number;
}

export const players = topic("players", { key: long(), value: json<Player>() });
export const best = topic("best-players", { key: string(), value: json<readonly string[]>() });

const others = (all: readonly Player[], { name }: Player): readonly Player[] =>
  all.filter((other) => other.name !== name);

/** The three best players of each game, kept true when points change and players go. */
export const bestPlayers = (): Topology =>
  topology(
    "best-players",
    table(players, { store: "players" }).pipe(
      groupBy((player) => [player.game, player], { key: string(), value: json<Player>() }),
      aggregate({
        store: "players-by-points",
        value: json<readonly Player[]>(),
        init: () => [],
        add: (all, player) => [...others(all, player), player].toSorted((a, b) => b.points - a.points),
        subtract: others,
      }),
      mapValues((all) => all.slice(0, 3).map(({ name }) => name)),
      toStream(),
      to(best),
    ),
  );
