import {
  bsonNumber,
  cachedLookup,
  connectMongo,
  type Effect,
  ensureIndexes,
  type EventPosition,
  gatheredLookup,
  type IndexSpec,
  type MongoConnection,
  MongoSink,
  type Outcome,
  processedEvents,
  processedEventsIndexes,
} from "@millrace/mongo";
import { days, type Log } from "@millrace/streams";
import { type Db, type Document, ObjectId } from "mongodb";
import { AppliedFrontier } from "./applied-frontier.ts";
import { ratesheets, surgeConfigs } from "./decision-writes.ts";
import { type EntityId, entityIdText } from "./entity-id.ts";
import { idForms } from "./ids.ts";
import { locationMarks } from "./location-mark.ts";
import type { MetricOrder } from "./metric-order.ts";
import { readOrder } from "./read-order.ts";
import { readSurgeConfig } from "./read-surge-config.ts";
import type { ConfigRow, SurgeStore } from "./surge-store.ts";
import type { AppliesTo } from "./surge-config.ts";
import { readRatesheet, type WrittenRatesheet } from "./written-ratesheet.ts";

/** Where the database is, and how it is used. */
export interface SurgeDatabaseOptions {
  readonly uri: string;
  readonly log: Log;
  readonly processedEventsTtlDays: number;
  readonly cache: { readonly max: number; readonly ttlMs: number };
}

interface Asked {
  readonly key: string;
}

interface AskedRatesheet extends Asked {
  readonly surgeConfigId: EntityId;
  readonly effectiveFrom: number;
}

/** What the surge topology reads and writes. Everything is tried until MongoDB answers. */
export class SurgeDatabase implements SurgeStore {
  readonly #mongo: MongoConnection;
  readonly #sink: MongoSink;
  readonly #log: Log;
  readonly #processedEventsTtlDays: number;
  readonly #frontier = new AppliedFrontier();
  readonly #closing = new AbortController();
  readonly #configs: Readonly<
    Record<AppliesTo["level"], (asked: Asked) => Promise<readonly ConfigRow[] | undefined>>
  >;
  readonly #ratesheet: (asked: AskedRatesheet) => Promise<WrittenRatesheet | undefined>;
  readonly #appliedOrder: (asked: Asked) => Promise<MetricOrder | undefined>;
  readonly #subLocation: (id: string) => Promise<Document | undefined>;
  readonly #members: (locationId: string) => Promise<ReadonlyMap<string, number> | undefined>;

  private constructor(mongo: MongoConnection, { log, processedEventsTtlDays, cache }: SurgeDatabaseOptions) {
    this.#mongo = mongo;
    this.#log = log;
    this.#processedEventsTtlDays = processedEventsTtlDays;
    this.#sink = new MongoSink(mongo, { log });
    const configsOf = (level: AppliesTo["level"]) =>
      gatheredLookup<Asked, readonly ConfigRow[]>((asked) => this.#loadConfigs(level, asked));
    this.#configs = { SUBLOCATION: configsOf("SUBLOCATION"), LOCATION: configsOf("LOCATION") };
    this.#ratesheet = gatheredLookup((asked) => this.#loadRatesheets(asked));
    this.#appliedOrder = gatheredLookup((asked) => this.#loadAppliedOrders(asked));
    const lookup = { ...cache, signal: this.#closing.signal };
    const loadSubLocation = gatheredLookup<Asked, Document>(async (asked) => {
      const ids = asked.flatMap(({ key }) => idForms(key));
      const found = await this.#persist((database) =>
        database
          .collection<IdDocument>("sublocations")
          .find({ _id: { $in: ids } })
          .toArray(),
      );
      return new Map(found.map((document) => [idText(document["_id"]), document]));
    });
    const subLocation = cachedLookup<string, Document>({
      ...lookup,
      load: (key) => loadSubLocation({ key }),
    });
    this.#subLocation = (id) => subLocation.get(id);
    const members = cachedLookup<string, ReadonlyMap<string, number>>({
      ...lookup,
      load: async (locationId) => {
        const found = await this.#persist((database) =>
          database
            .collection("sublocations")
            .find({ locationId: { $in: [...idForms(locationId)] } })
            .toArray(),
        );
        return new Map(found.map((document) => [idText(document["_id"]), capacityOf(document)]));
      },
    });
    this.#members = (locationId) => members.get(locationId);
  }

  /** Connects; its indexes may still be missing. Throws a MongoError that says what to do. */
  static async open(options: SurgeDatabaseOptions): Promise<SurgeDatabase> {
    return new SurgeDatabase(await connectMongo(options.uri, { log: options.log }), options);
  }

  /**
   * Creates the indexes that are missing, which may take as long as there are documents; nothing may be written before. Throws
   * a MongoError that says what to do.
   */
  async createIndexes(): Promise<void> {
    const { database } = this.#mongo;
    for (const [name, specs] of Object.entries(indexes(this.#processedEventsTtlDays)))
      await ensureIndexes(database.collection(name), specs, this.#log);
  }

  get healthy(): boolean {
    return this.#sink.healthy;
  }

  async locationOf(subLocationId: string): Promise<string | undefined> {
    const locationId: unknown = (await this.#subLocation(subLocationId))?.["locationId"];
    return locationId === undefined || locationId === null ? undefined : idText(locationId);
  }

  async capacitiesOf(locationId: string): Promise<ReadonlyMap<string, number>> {
    return (await this.#members(locationId)) ?? new Map();
  }

  async configsOf(level: AppliesTo["level"], entityId: string): Promise<readonly ConfigRow[]> {
    return (await this.#configs[level]({ key: entityId })) ?? [];
  }

  ratesheetOf(surgeConfigId: EntityId, effectiveFrom: number): Promise<WrittenRatesheet | undefined> {
    return this.#ratesheet({
      key: ratesheetKey(surgeConfigId, effectiveFrom),
      surgeConfigId,
      effectiveFrom,
    });
  }

  async multiplierBefore(surgeConfigId: EntityId, effectiveFrom: number): Promise<number | undefined> {
    const [found] = await this.#persist((database) =>
      database
        .collection(ratesheets)
        .find({ surgeConfigId, effectiveFrom: { $lt: new Date(effectiveFrom) } })
        .sort({ effectiveFrom: -1 })
        .limit(1)
        .toArray(),
    );
    return bsonNumber(found?.["surgeMultiplierSnapshot"]);
  }

  async isApplied(position: EventPosition): Promise<boolean> {
    if (!this.#frontier.worthAsking(position)) return false;
    const [applied = false] = await this.#sink.alreadyApplied([position]);
    if (applied) this.#frontier.applied(position);
    return applied;
  }

  appliedOrderOf(name: string): Promise<MetricOrder | undefined> {
    return this.#appliedOrder({ key: name });
  }

  async apply(effect: Effect): Promise<Outcome> {
    const outcome = await this.#sink.apply(effect);
    if (outcome === "repeated") this.#frontier.applied(effect.position);
    return outcome;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#sink.close();
    await this.#mongo.close();
  }

  #persist<T>(read: (database: Db) => Promise<T>): Promise<T> {
    return this.#sink.persist(() => this.#mongo.attempt(read));
  }

  async #loadConfigs(
    level: AppliesTo["level"],
    asked: readonly Asked[],
  ): Promise<ReadonlyMap<string, readonly ConfigRow[]>> {
    const ids = asked.flatMap(({ key }) => idForms(key));
    const found = await this.#persist((database) =>
      database
        .collection(surgeConfigs)
        .find({ isActive: true, "appliesTo.level": level, "appliesTo.entityId": { $in: ids } })
        .toArray(),
    );
    return Map.groupBy(
      found.map((document) => ({
        entity: idText((document["appliesTo"] as Document)["entityId"]),
        reading: readSurgeConfig(document),
        ...readWrittenParams(document["demandSupplyParams"]),
      })),
      ({ entity }) => entity,
    );
  }

  async #loadAppliedOrders(asked: readonly Asked[]): Promise<ReadonlyMap<string, MetricOrder>> {
    const found = await this.#sink.persist(() =>
      this.#mongo.find(processedEvents, locationMarks(asked.map(({ key }) => key))),
    );
    return new Map(
      found.flatMap((document) => {
        const order = readOrder(document["order"]);
        return order === undefined ? [] : [[String(document["topicId"]), order] as const];
      }),
    );
  }

  async #loadRatesheets(asked: readonly AskedRatesheet[]): Promise<ReadonlyMap<string, WrittenRatesheet>> {
    const found = await this.#persist((database) =>
      database
        .collection(ratesheets)
        .find({
          // Nearly always one hour: a server that looks at every document is soon done with those of others.
          effectiveFrom: {
            $in: [...new Set(asked.map(({ effectiveFrom }) => effectiveFrom))].map((from) => new Date(from)),
          },
          surgeConfigId: { $in: [...new Set(asked.map(({ surgeConfigId }) => surgeConfigId))] },
        })
        .toArray(),
    );
    return new Map(
      found.map((document) => [
        ratesheetKey(document["surgeConfigId"] as EntityId, (document["effectiveFrom"] as Date).getTime()),
        readRatesheet(document),
      ]),
    );
  }
}

/** The driver takes every `_id` for an ObjectId unless told. */
interface IdDocument extends Document {
  readonly _id: EntityId;
}

const readWrittenParams = (params: unknown): Pick<ConfigRow, "paramsOrder" | "baselineAsRead"> => {
  if (typeof params !== "object" || params === null) return { paramsOrder: undefined, baselineAsRead: null };
  const { metricOrder, historicalAvgPressure = null }: Document = params;
  return { paramsOrder: readOrder(metricOrder), baselineAsRead: historicalAvgPressure };
};

const ratesheetKey = (surgeConfigId: EntityId, effectiveFrom: number): string =>
  `${entityIdText(surgeConfigId)} ${effectiveFrom}`;

const idText = (id: unknown): string => (id instanceof ObjectId ? id.toHexString() : String(id));

/** One that is no number is none. */
const capacityOf = (document: Document): number => {
  const capacity = bsonNumber(document["capacity"]) ?? 0;
  return Number.isFinite(capacity) ? capacity : 0;
};

const indexes = (processedEventsTtlDays: number): Readonly<Record<string, readonly IndexSpec[]>> => ({
  [processedEvents]: processedEventsIndexes(processedEventsTtlDays),
  demand_history: [
    { keys: { subLocationId: 1, timestamp: 1 }, unique: true },
    { keys: { createdAt: 1 }, expireAfterSeconds: days(30) / 1_000 },
  ],
  [ratesheets]: [
    {
      keys: { surgeConfigId: 1, effectiveFrom: 1 },
      unique: true,
      // Other ratesheets live in the same collection.
      partialFilterExpression: { surgeConfigId: { $exists: true } },
    },
  ],
  [surgeConfigs]: [{ keys: { "appliesTo.entityId": 1, "appliesTo.level": 1 } }],
  sublocations: [{ keys: { locationId: 1 } }],
});
