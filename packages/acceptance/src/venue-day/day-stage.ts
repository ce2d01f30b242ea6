import { freePorts } from "@millrace/devstack";
import type { DemandHourly } from "@millrace/venue";
import { type Db, MongoClient } from "mongodb";
import { mongoUriOf } from "../mongo-uri.ts";
import { ServiceProcess } from "../service-process.ts";
import { readiness } from "../readiness.ts";
import { serviceMetric } from "../service-metrics.ts";
import { openVenue, until, type VenueClient } from "../venue-client.ts";
import { surgeConfigs } from "./configs.ts";
import { expectedDemand, type ExpectedDemand } from "./expected-demand.ts";
import { type ExpectedSurge, expectedSurge } from "./expected-surge.ts";
import type { Delivery } from "./generate-day.ts";
import { type HistoryDocument, historyBefore } from "./history.ts";
import { places } from "./places.ts";
import { store } from "./store.ts";
import { surgeDifferences } from "./surge-differences.ts";
import { surgeInDatabase } from "./surge-in-database.ts";
import { dayStart, defaultCapacity, graceMs, timeZone } from "./the-day.ts";

interface Servers {
  readonly kafka: string;
  readonly registry: string;
  readonly mongo: string;
  /** Where the services find MongoDB, if not where the test does. */
  readonly mongoOfServices?: string;
}

/** Closes the hours that are left as soon as their partitions have been read to the end for a second. */
export const closesSoon = { DEMAND_IDLE_CLOSE_MS: "1000" };

/** Topics and a database of a test's own with all that is there before the day, and the services that run on them. */
export class DayStage {
  readonly partitions = 4;
  readonly history: readonly HistoryDocument[] = historyBefore(new Date());
  readonly expected: ExpectedDemand;
  readonly venue: VenueClient;
  readonly database: Db;
  readonly demandPort: number;
  readonly surgePort: number;
  readonly surgeId: string;
  readonly lateTopic: string;
  readonly #client: MongoClient;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #running: ServiceProcess[] = [];

  private constructor(
    deliveries: readonly Delivery[],
    venue: VenueClient,
    client: MongoClient,
    mongoOfServices: string,
    [demandPort = 0, surgePort = 0]: readonly number[],
  ) {
    this.expected = expectedDemand(deliveries, this.partitions, places, this.history);
    this.venue = venue;
    this.#client = client;
    this.database = client.db(venue.environment["KAFKA_GROUP_ID_AGGREGATOR"] ?? "");
    this.demandPort = demandPort;
    this.surgePort = surgePort;
    this.surgeId = `${this.database.databaseName}.surge`;
    this.lateTopic = `${venue.bookingEvents}.late`;
    this.#environment = {
      ...venue.environment,
      MONGODB_URI: mongoUriOf(mongoOfServices, this.database.databaseName),
      VENUE_TIME_ZONE: timeZone,
      DEMAND_GRACE_MS: String(graceMs),
      DEMAND_DEFAULT_CAPACITY: String(defaultCapacity),
      // Longer than any pause: an hour that closes in one would find the rest of it late. `endDay` closes them.
      DEMAND_IDLE_CLOSE_MS: "3600000",
    };
  }

  /** Fills the database, and lets the demand topology import its history. */
  static async open(name: string, deliveries: readonly Delivery[], servers: Servers): Promise<DayStage> {
    const { kafka, registry, mongo, mongoOfServices = mongo } = servers;
    const venue = await openVenue(kafka, registry, name, 4);
    const client = await new MongoClient(mongo).connect();
    const stage = new DayStage(deliveries, venue, client, mongoOfServices, await freePorts(2));
    await store(stage.database, "sublocations", places);
    await store(stage.database, "surge_configs", surgeConfigs);
    await stage.database
      .collection("demand_history")
      .insertMany(stage.history.map((document) => ({ ...document })));
    const importing = new ServiceProcess("demand", stage.#environment, ["import-history"]);
    if ((await importing.exit()) !== 0) throw new Error(importing.output);
    return stage;
  }

  startDemand(more: Readonly<Record<string, string>> = {}): ServiceProcess {
    const own = { KAFKA_TOPIC_LATE: this.lateTopic, HTTP_PORT: String(this.demandPort) };
    return this.#start("demand", { ...this.#environment, ...own, ...more });
  }

  startSurge(more: Readonly<Record<string, string>> = {}): ServiceProcess {
    const own = {
      KAFKA_GROUP_ID_UPDATER: this.surgeId,
      KAFKA_TOPIC_DEAD_LETTER: `${this.surgeId}.dead`,
      HTTP_PORT: String(this.surgePort),
    };
    return this.#start("surge", { ...this.#environment, ...own, ...more });
  }

  /** Both in one process. */
  startBoth(more: Readonly<Record<string, string>> = {}): ServiceProcess {
    const own = { KAFKA_GROUP_ID_UPDATER: this.surgeId, HTTP_PORT: String(this.surgePort) };
    return this.#start("venue-service", { ...this.#environment, ...own, ...more });
  }

  /** Once all that was sent is read: stops demand, and starts it so that the day's last hours close. */
  async endDay(demand: ServiceProcess): Promise<ServiceProcess> {
    await until(
      async () => (await serviceMetric(this.demandPort, "lag_records")) === 0,
      () => demand.output.slice(-5_000),
    );
    demand.kill("SIGTERM");
    if ((await demand.exit()) !== 0) throw new Error(demand.output.slice(-5_000));
    const another = this.startDemand(closesSoon);
    // All may have closed already, and a signal before it listens to signals would just end it.
    await until(
      async () => (await readiness(this.demandPort)) === 200,
      () => another.output.slice(-5_000),
    );
    return another;
  }

  /** Those of the day, so far. */
  get finals(): readonly DemandHourly[] {
    return this.venue.demand.filter((record) => record.final && record.hour >= dayStart);
  }

  /** Waits until all of the day's finals are there. */
  async allFinals(output: () => string): Promise<void> {
    const wanted = this.expected.finals.length;
    await until(
      () => this.finals.length >= wanted,
      () => `${this.finals.length} of ${wanted} finals; ${output().slice(-5_000)}`,
    );
  }

  /** How many metrics are remembered as applied. */
  processed(): Promise<number> {
    return this.database.collection("processed_events").countDocuments({ partition: { $gte: 0 } });
  }

  /** What these finals must have led to. */
  surgeOf(finals: readonly DemandHourly[]): ExpectedSurge {
    return expectedSurge(finals, surgeConfigs, places, this.history);
  }

  /** Where the database is not as these finals demand, a line each. */
  async problems(finals: readonly DemandHourly[]): Promise<readonly string[]> {
    return surgeDifferences(await surgeInDatabase(this.database), this.surgeOf(finals));
  }

  /** Waits until every metric has been applied and the database is as these finals demand. */
  async allApplied(finals: readonly DemandHourly[]): Promise<void> {
    let problems: readonly string[] = [];
    await until(
      async () => {
        if ((await this.processed()) !== this.venue.demand.length) return false;
        problems = await this.problems(finals);
        return problems.length === 0;
      },
      () => [`${problems.length} problems`, ...problems.slice(0, 20)].join("\n"),
    );
  }

  async close(): Promise<void> {
    for (const service of this.#running) service.kill("SIGKILL");
    await this.#client.close();
    await this.venue.close();
  }

  #start(...args: ConstructorParameters<typeof ServiceProcess>): ServiceProcess {
    const service = new ServiceProcess(...args);
    this.#running.push(service);
    return service;
  }
}
