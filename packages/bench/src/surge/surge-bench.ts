import { parseArgs } from "node:util";
import { schemaRegistry } from "@millrace/avro";
import { type Component, startMongo } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";
import { createTopics, partitions } from "../bench-topics.ts";
import { checkReal } from "../check-real.ts";
import { positive } from "../positive.ts";
import { say } from "../say.ts";
import { withKafka } from "../with-kafka.ts";
import { withRegistry } from "../with-registry.ts";
import { type CoresUsed, coresUsed } from "./cores-used.ts";
import { answeringDatabase, type BenchDatabase, databaseIn } from "./bench-database.ts";
import { type DemandLoad, wholeHours } from "./demand-load.ts";
import { memoryGrowth } from "./memory-growth.ts";
import { sendDemand } from "./send-demand.ts";
import { type SurgeMeasurement, SurgeProcess } from "./surge-process.ts";

export const surgeHelp = `  surge: demand records into the MongoDB at hand, by millrace-surge; what it wrote is checked
  --records N         (100000), rounded to whole hours of 500 metrics per sub-location
  --sublocations N    (200), each revised 10 times a second at 2000 records per second, as with every commit of demand
  --locations N       (20)
  --minutes N         instead of --records: so long at --rate; memory at the beginning and the end is compared
  --rate N            records per second (2000 with --minutes, else as fast as can be)
  --database-ms N     every answer of MongoDB comes so many ms later (0)
  --answering         in the place of MongoDB what answers at once and keeps nothing: what the others cost
  --node-option FLAG  for the service's process; may be repeated
`;

/** `npm run bench -- surge`. */
export const surgeBench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "boolean", default: false },
      records: { type: "string", default: "100000" },
      sublocations: { type: "string", default: "200" },
      locations: { type: "string", default: "20" },
      minutes: { type: "string" },
      rate: { type: "string" },
      "database-ms": { type: "string" },
      answering: { type: "boolean", default: false },
      "node-option": { type: "string", multiple: true, default: [] },
    },
  });
  const minutes = values.minutes === undefined ? undefined : positive("minutes", values.minutes);
  const rate =
    values.rate !== undefined ? positive("rate", values.rate) : minutes === undefined ? undefined : 2_000;
  const load = wholeHours({
    subLocations: positive("sublocations", values.sublocations),
    locations: positive("locations", values.locations),
    records:
      minutes === undefined || rate === undefined ? positive("records", values.records) : minutes * 60 * rate,
  });
  const databaseMs = values["database-ms"] === undefined ? 0 : positive("database-ms", values["database-ms"]);
  await withKafka(({ broker, transport }) =>
    withRegistry(async ({ registryUrl }) => {
      const mongo = values.answering ? undefined : await startMongo({ onProgress: say });
      try {
        if (mongo !== undefined) checkReal([mongo]);
        const id = `bench-surge-${Date.now()}`;
        const database = await (mongo === undefined
          ? answeringDatabase(id, load)
          : databaseIn(mongo, id, load, databaseMs));
        try {
          const stage = { id, broker, transport, registryUrl, database };
          const measured = await measure(stage, load, rate, values["node-option"]);
          report(measured, load, database.detail, values.json);
        } finally {
          await database.close();
        }
      } finally {
        await mongo?.stop();
      }
    }),
  );
};

interface Measured extends SurgeMeasurement {
  /** Who kept the machine busy: whoever has a core, or what there was left of them, is the limit. */
  readonly cores: CoresUsed | undefined;
}

interface Stage {
  /** Of this run: what is its own has it in its name. */
  readonly id: string;
  readonly broker: Component;
  readonly transport: Transport;
  readonly registryUrl: string;
  readonly database: BenchDatabase;
}

const measure = async (
  { id, broker, transport, registryUrl, database }: Stage,
  load: DemandLoad,
  rate: number | undefined,
  nodeOptions: readonly string[],
): Promise<Measured> => {
  const topic = `${id}.demand`;
  let surge: SurgeProcess | undefined;
  try {
    await createTopics(transport, [topic]);
    const start = (): SurgeProcess =>
      new SurgeProcess(
        {
          KAFKA_BROKERS: broker.address,
          SCHEMA_REGISTRY_URL: registryUrl,
          MONGODB_URI: database.uri,
          KAFKA_TOPIC_DEMAND_HOURLY: topic,
          KAFKA_GROUP_ID_UPDATER: id,
        },
        load.records,
        nodeOptions,
      );
    // At a rate it runs while they come; else all are there when it starts, and only its speed counts.
    if (rate !== undefined) surge = start();
    say(`surge: ${load.records} demand records${rate === undefined ? "" : `, ${rate} per second`}`);
    const registry = schemaRegistry({ url: registryUrl });
    await sendDemand(transport, registry, { topic, load, rate, onSent: () => surge?.check() });
    surge ??= start();
    const pids = Object.entries({ Kafka: broker.pid, MongoDB: database.pid, millrace: surge.pid });
    const ours = pids.filter((entry): entry is [string, number] => entry[1] !== undefined);
    const used = await coresUsed(new Map(ours));
    await untilCommitted(transport, id, topic, load.records, surge);
    const cores = await used();
    const measurement = await surge.finish();
    await database.check(load);
    return { ...measurement, cores };
  } finally {
    surge?.kill();
  }
};

/** Waits until the group has committed all records of the topic: then their effects are in the database. */
const untilCommitted = async (
  transport: Transport,
  groupId: string,
  topic: string,
  records: number,
  surge: SurgeProcess,
): Promise<void> => {
  const every = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
  // Control records of transactions have offsets too, but here nobody writes transactions into the topic.
  for (let committed = 0; committed < records;) {
    surge.check();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const offsets = await transport.groupCoordinator(groupId).fetchOffsets(every);
    committed = offsets.reduce((sum, { offset }) => sum + Math.max(0, offset), 0);
  }
};

const report = (measured: Measured, load: DemandLoad, mongo: string, json: boolean): void => {
  const { seconds, samples, cpuMicrosPerRecord, peakRssBytes, cores } = measured;
  const recordsPerSecond = Math.round(load.records / seconds);
  const growth = memoryGrowth(samples);
  const maxLag = Math.max(0, ...samples.map(({ lag }) => lag));
  if (json) {
    const line = {
      workload: "surge",
      engine: "millrace",
      recordsPerSecond,
      cpuMicrosPerRecord,
      peakRssBytes,
    };
    process.stdout.write(
      `${JSON.stringify({ ...line, maxLag, ...growth, mongo, ...(cores && { cores: { ...Object.fromEntries(cores.by), others: cores.others, of: cores.cores } }) })}\n`,
    );
    return;
  }
  process.stdout.write(
    `\nsurge, ${load.records} demand records of ${load.subLocations} sub-locations, each with its draft written\n` +
      `millrace  ${recordsPerSecond} records/s  ${cpuMicrosPerRecord} µs CPU each  ` +
      `${megabytes(peakRssBytes)} at most  lag ${maxLag} records at most\n` +
      `into      ${mongo}\n` +
      (cores === undefined ? "" : `${busy(cores)}\n`) +
      (growth === undefined
        ? ""
        : `memory    ${megabytes(growth.rssStartBytes)} near the beginning, ${megabytes(growth.rssEndBytes)} at the end\n`),
  );
};

const busy = ({ cores, by, others }: CoresUsed): string =>
  `cores     ${[...by, ["others on this machine", others] as const]
    .map(([name, used]) => `${name} ${used.toFixed(2)}`)
    .join(", ")}, of ${cores}`;

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
