import type { HourView, VenueView } from "../protocol/venue-view.ts";
import { type Decided, decidedOf } from "./decided.ts";

/** An entity in an hour. */
export interface VenueCell {
  readonly hour: number;
  readonly demand: HourView | undefined;
  /** The draft's first, then what else was decided. */
  readonly decisions: readonly Decided[];
}

/** A sub-location, or a location that has prices of its own. */
export interface VenueRow {
  readonly entityId: string;
  readonly level: "SUBLOCATION" | "LOCATION";
  readonly cells: readonly VenueCell[];
}

/** Hours across, the earliest first; entities down. */
export interface VenueGrid {
  readonly hours: readonly number[];
  readonly rows: readonly VenueRow[];
}

/** The last so many hours that anything is known of. */
export const venueGrid = ({ hours, decisions }: VenueView, columns: number): VenueGrid => {
  const decided = decisions.map(decidedOf).filter((one) => one !== undefined);
  const all = [...new Set([...hours.map(({ hour }) => hour), ...decided.map(({ hour }) => hour)])];
  const shown = all.toSorted((a, b) => a - b).slice(-columns);
  const demand = new Map(hours.map((one) => [`${one.subLocationId} ${one.hour}`, one]));
  const byEntity = Map.groupBy(decided, ({ level, entityId, hour }) => `${level} ${entityId} ${hour}`);
  const entities = new Map<string, Pick<VenueRow, "entityId" | "level">>();
  for (const { entityId, level } of decided)
    if (level === "LOCATION") entities.set(`LOCATION ${entityId}`, { entityId, level });
  for (const entityId of [...hours.map((one) => one.subLocationId), ...subLocations(decided)])
    entities.set(`SUBLOCATION ${entityId}`, { entityId, level: "SUBLOCATION" });
  return {
    hours: shown,
    rows: [...entities.values()]
      .toSorted((a, b) =>
        a.level === b.level ? (a.entityId < b.entityId ? -1 : 1) : a.level < b.level ? 1 : -1,
      )
      .map(({ entityId, level }) => ({
        entityId,
        level,
        cells: shown.map((hour) => ({
          hour,
          demand: level === "SUBLOCATION" ? demand.get(`${entityId} ${hour}`) : undefined,
          decisions: standing(byEntity.get(`${level} ${entityId} ${hour}`) ?? []),
        })),
      })),
  };
};

/** Drafts first; what was decided before a draft of the same config has been overtaken by it. */
const standing = (decisions: readonly Decided[]): readonly Decided[] => {
  const drafts = decisions.filter(({ inputs }) => inputs !== undefined);
  const others = decisions.filter(
    ({ inputs, configId, at }) =>
      inputs === undefined && !drafts.some((draft) => draft.configId === configId && draft.at > at),
  );
  return [...drafts, ...others];
};

const subLocations = (decided: readonly Decided[]): readonly string[] =>
  decided.filter(({ level }) => level === "SUBLOCATION").map(({ entityId }) => entityId);
