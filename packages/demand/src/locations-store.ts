import { type KeyValueStoreDefinition, keyValueStore, string } from "@millrace/streams";

/** The last known location of each sub-location, by arrival of the events that counted. */
export const locationsStore: KeyValueStoreDefinition<string, string> = keyValueStore("locations", {
  key: string(),
  value: string(),
});
