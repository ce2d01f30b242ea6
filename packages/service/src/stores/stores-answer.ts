import type { App, GraphStore, KeyValueStoreDefinition } from "@millrace/streams";
import type { Service } from "../service.ts";

/** A store of `/stores`, as far as this process has it. */
export interface StoreSummary {
  readonly name: string;
  readonly kind: GraphStore["kind"];
  /** Undefined for a global table's, of which every process has all. */
  readonly subTopology: number | undefined;
  /** Those that this process has now, standbys left out. */
  readonly partitions: readonly number[];
  /** About so many rows; undefined where it can't be read now. */
  readonly entries: number | undefined;
  /** Why it can't be read now, for people; undefined where it can. */
  readonly unreadable: string | undefined;
}

/** The stores of one application of `/stores`. */
export interface ApplicationStores {
  readonly application: string;
  readonly stores: readonly StoreSummary[];
}

/** What `/stores` answers, as JSON; no applications while the service starts. */
export interface StoresAnswer {
  readonly applications: readonly ApplicationStores[];
}

/** The stores that can be browsed in this process. */
export const storesAnswer = (service: Service | undefined): StoresAnswer => ({
  applications: (service?.applications ?? []).map(({ app }) => ({
    application: app.applicationId,
    stores: app.topology.graph(app.applicationId).stores.map((store) => summaryOf(app, store)),
  })),
});

const summaryOf = (app: App, { name, kind, subTopology }: GraphStore): StoreSummary => {
  const about = { name, kind, subTopology };
  try {
    // What is asked here, every kind answers.
    const store = app.store<KeyValueStoreDefinition>(name);
    const entries = store.approximateEntries();
    return { ...about, partitions: store.partitions, entries, unreadable: undefined };
  } catch (error) {
    const unreadable = error instanceof Error ? error.message : String(error);
    return { ...about, partitions: [], entries: undefined, unreadable };
  }
};
