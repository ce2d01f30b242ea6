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

/** The changelogs that are named as an application's would be, by name. */
export const changelogs = async (
  transport: Transport,
  application: string,
): Promise<readonly { readonly store: string; readonly topic: string; readonly partitions: number }[]> => {
  const topics = (await transport.listTopics()).filter(
    (name) => internalTopicKind(application, name) === "changelog",
  );
  return [...(await transport.describeTopics(topics)).values()]
    .map(({ topic, partitions }) => ({
      store: topic.slice(`${application}-`.length, -"-changelog".length),
      topic,
      partitions,
    }))
    .toSorted((a, b) => a.store.localeCompare(b.store));
};

/** The changelogs of an application, a line for each: `records` are those that are there, deleted keys included. */
export const listChangelogs = async (
  transport: Transport,
  application: string,
  json: boolean,
): Promise<readonly string[]> => {
  const found = await changelogs(transport, application);
  const listed = await Promise.all(
    found.map(async ({ store, topic, partitions }) => {
      const ranges = await committedRanges(transport, topic, partitions);
      return { store, topic, partitions, offsets: ranges.reduce((sum, { from, to }) => sum + to - from, 0) };
    }),
  );
  if (json) return listed.map((changelog) => JSON.stringify(changelog));
  if (listed.length === 0) return [`"${application}" has no changelogs`];
  return textTable([
    ["STORE", "PARTITIONS", "OFFSETS", "CHANGELOG"],
    ...listed.map(({ store, partitions, offsets, topic }) => [store, partitions, offsets, topic]),
  ]);
};
