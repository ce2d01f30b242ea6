import { randomUUID } from "node:crypto";
import { hours } from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";
import { type Db, type Document, MongoClient } from "mongodb";
import { DraftMemory } from "../src/draft-memory.ts";
import type { PricingOptions } from "../src/pricing.ts";
import { DecisionJournal } from "../src/decision-journal.ts";
import { newSurgeCounters } from "../src/surge-counters.ts";
import { SurgeDatabase } from "../src/surge-database.ts";

/** 2026-03-02T10:00:00Z. */
export const hour: number = Date.UTC(2026, 2, 2, 10);

/** Demand of the hall in one hour. */
export const metric = (more: Partial<DemandHourly> = {}): DemandHourly => ({
  subLocationId: "hall",
  locationId: null,
  hour,
  bookingsCount: 20,
  totalAttendees: 40,
  availableCapacity: 100,
  capacityUtilization: 40,
  demandPressure: 20,
  historicalAvgPressure: null,
  historySamples: 0,
  pressureDelta: null,
  final: false,
  timestamp: hour + hours(0.5),
  ...more,
});

/** A config for the hall, by which every demand has a draft. */
export const hallConfig = (): Document => ({
  _id: "hall config",
  isActive: true,
  appliesTo: { level: "SUBLOCATION", entityId: "hall" },
  priority: 1,
  demandSupplyParams: { currentSupply: 10, historicalAvgPressure: 10 },
});

/** A database with one config, and members of the surge application that write to it. */
export class PricingFixture {
  readonly database: Db;
  readonly log: string[] = [];
  readonly #client: MongoClient;
  /** Of the database. */
  readonly uri: string;
  readonly #members: SurgeDatabase[] = [];

  private constructor(client: MongoClient, uri: string) {
    this.#client = client;
    this.uri = uri;
    this.database = client.db();
  }

  static async open(server: string): Promise<PricingFixture> {
    const url = new URL(server);
    url.pathname = `/surge-${randomUUID().slice(0, 8)}`;
    const client = await new MongoClient(url.href).connect();
    await client.db().collection("surge_configs").insertOne(hallConfig());
    return new PricingFixture(client, url.href);
  }

  /** A member as its process has it; `store` may stand between it and the database. */
  async member(appName = "member"): Promise<PricingOptions & { readonly database: SurgeDatabase }> {
    const url = new URL(this.uri);
    url.searchParams.set("appName", appName);
    const database = await SurgeDatabase.open({
      uri: url.href,
      log: () => undefined,
      processedEventsTtlDays: 7,
      cache: { max: 100, ttlMs: 1_000 },
    });
    this.#members.push(database);
    await database.createIndexes();
    return {
      database,
      policy: { enabled: true, dryRun: false, smoothing: "none", deadband: undefined, maxStep: undefined },
      timeZone: "UTC",
      counters: newSurgeCounters(),
      journal: new DecisionJournal(),
      log: (_level, message) => void this.log.push(message),
      now: Date.now,
      drafts: new DraftMemory(),
    };
  }

  async draft(): Promise<Document | null> {
    return this.database.collection("ratesheets").findOne({ surgeConfigId: "hall config" });
  }

  async params(): Promise<Document> {
    const config = await this.database
      .collection<{ _id: string } & Document>("surge_configs")
      .findOne({ _id: "hall config" });
    return config?.["demandSupplyParams"] as Document;
  }

  admin(command: Document): Promise<Document> {
    return this.#client.db("admin").command(command);
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.close()));
    await this.database.dropDatabase();
    await this.#client.close();
  }
}
