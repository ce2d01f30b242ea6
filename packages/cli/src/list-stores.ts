import { committedRanges, textTable } from "@millrace/operations";
import { internalTopicKind, type Transport } from "@millrace/streams";
import { type DirectoryStore, directoryStores } from "./directory-rows.ts";

/** The stores of a state directory, a line for each task that has one. */
export const listDirectory = async (directory: string, json: boolean): Promise<readonly string[]> => {
  const stores: DirectoryStore[] = [];
  for await (const store of directoryStores(directory)) stores.push(store);
  if (json) return stores.map((store) => JSON.stringify(store));
  return textTable([
    ["STORE", "KIND", "PARTITION", "CHANGELOG READ TO", "TASK"],
    ...stores.map(({ store, kind, partition, position, task }) => [
      store,
      kind,
      partition,
      position < 0 ? "unknown" : position,
      task,
    ]),
  ]);
};

/** The changelogs of an application, a line for each: `records` are those that are there, deleted keys included. */
export const listChangelogs = async (
  transport: Transport,
  application: string,
  json: boolean,
): Promise<readonly string[]> => {
  const topics = (await transport.listTopics()).filter(
    (name) => internalTopicKind(application, name) === "changelog",
  );
  const described = [...(await transport.describeTopics(topics)).values()];
  const changelogs = await Promise.all(
    described.map(async ({ topic, partitions }) => {
      const ranges = await committedRanges(transport, topic, partitions);
      const store = topic.slice(`${application}-`.length, -"-changelog".length);
      return { store, topic, partitions, offsets: ranges.reduce((sum, { from, to }) => sum + to - from, 0) };
    }),
  );
  if (json) return changelogs.map((changelog) => JSON.stringify(changelog));
  if (changelogs.length === 0) return [`"${application}" has no changelogs`];
  return textTable([
    ["STORE", "PARTITIONS", "OFFSETS", "CHANGELOG"],
    ...changelogs.map(({ store, partitions, offsets, topic }) => [store, partitions, offsets, topic]),
  ]);
};
