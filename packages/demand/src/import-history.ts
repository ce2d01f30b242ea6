import { memorySchemaRegistry } from "@millrace/avro";
import { connectMongo } from "@millrace/mongo";
import {
  editState,
  kafka,
  type KeyValueStore,
  type Log,
  MillraceError,
  partitionForKey,
  type Transport,
} from "@millrace/streams";
import { newDemandCounters } from "./counters.ts";
import type { DemandSettings } from "./demand-settings.ts";
import { demandTopology } from "./demand-topology.ts";
import { historyStore, type Slot, slotKey, withSample } from "./history-slot.ts";
import { readHistory } from "./read-history.ts";
import { venueHours } from "./venue-hour.ts";

/** From where and to where history is imported. */
export interface ImportHistoryOptions {
  readonly settings: DemandSettings;
  readonly log: Log;
  /** In place of the one that the settings name. */
  readonly transport?: Transport;
}

export interface ImportedHistory {
  readonly imported: number;
  /** Hours of which there was a final of our own, or the same import, already. */
  readonly kept: number;
}

/**
 * Takes the pressures in MongoDB's `demand_history` into the topology's history, which must not be running; to do so
 * again changes nothing. Their slots follow from their timestamps, whatever else the documents say. A final of our own
 * stays.
 */
export const importHistory = async ({
  settings,
  log,
  transport = kafka({ ...settings.kafka, connectTimeoutMs: 4_000, log }),
}: ImportHistoryOptions): Promise<ImportedHistory> => {
  if (settings.mongoUri === undefined)
    throw new MillraceError("MONGODB_URI is not set: there is no history to import from", { code: "CONFIG" });
  const mongo = await connectMongo(settings.mongoUri, { log });
  const result = { imported: 0, kept: 0 };
  try {
    const topology = demandTopology({
      ...settings,
      registry: memorySchemaRegistry(),
      counters: newDemandCounters(),
      log,
    });
    await editState(topology, { transport, log }, historyStore, async (history) => {
      const venueHour = venueHours(settings.timeZone);
      // Oldest first, so that what is too old for its slot is what goes.
      for await (const document of mongo.database
        .collection("demand_history")
        .find()
        .sort({ timestamp: 1 })) {
        const past = readHistory(document);
        if (past === undefined) {
          log(
            "warn",
            `left out document ${String(document["_id"])} of demand_history: it has no usable pressure`,
          );
          continue;
        }
        const { subLocationId, hour, pressure } = past;
        const { dayOfWeek, hour: hourOfDay } = venueHour(hour);
        const store = history.partition(partitionForKey(Buffer.from(subLocationId), history.partitions));
        const imported = importSample(store, slotKey(subLocationId, dayOfWeek, hourOfDay), hour, pressure);
        if (imported) result.imported++;
        else result.kept++;
      }
    });
  } finally {
    await mongo.close();
  }
  return result;
};

const importSample = (
  store: KeyValueStore<string, Slot>,
  slot: string,
  hour: number,
  pressure: number,
): boolean => {
  const samples = store.get(slot)?.samples ?? [];
  const known = samples.find((sample) => sample.hour === hour);
  if (known !== undefined && (!known.imported || known.pressure === pressure)) return false;
  store.put(slot, withSample(samples, { hour, pressure, imported: true }), hour);
  return true;
};
