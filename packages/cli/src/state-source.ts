import { changelogRows, type RowChoice, type StateRow } from "@millrace/operations";
import { changelogTopic, MillraceError, type StoreDefinition, type Transport } from "@millrace/streams";
import { directoryRows } from "./directory-rows.ts";
import { changelogs } from "./list-stores.ts";
import { loadTopologies } from "./load-topologies.ts";
import { usageError } from "./usage-error.ts";

const kinds = ["keyValue", "window", "session", "join", "versioned"] as const;

/** Where a person says that a store is. */
export interface SourceOptions {
  readonly dir?: string | undefined;
  readonly application?: string | undefined;
  readonly topic?: string | undefined;
  readonly kind?: string | undefined;
  /** A module that exports the topology which has the store. */
  readonly module?: string | undefined;
  readonly export?: string | undefined;
}

/** A store, and where its rows are read. */
export interface StateSource {
  readonly store: string;
  /** As the topology defines it, where there is one. */
  readonly definition: StoreDefinition | undefined;
  readonly rows: (choice: RowChoice, connected: Connected) => AsyncIterable<StateRow>;
  /** Whether brokers are asked. */
  readonly remote: boolean;
}

/** The brokers, where they are asked. */
type Connected = Transport | undefined;

/** Finds out where a store's rows are. Throws a MillraceError `USAGE`. */
export const stateSource = async (store: string, options: SourceOptions): Promise<StateSource> => {
  const { dir, application, topic } = options;
  const known = options.module === undefined ? undefined : await storeIn(options.module, store, options);
  const definition = known?.definition;
  if ([dir, application, topic].filter((given) => given !== undefined).length > 1)
    throw usageError("say where the state is in one way: --dir, --application or --topic");
  if (dir !== undefined)
    return { store, definition, remote: false, rows: (choice) => directoryRows(dir, store, choice) };
  const id = application ?? known?.application;
  const changelog =
    topic ?? known?.globalTopic ?? (id === undefined ? undefined : changelogOf(id, store, definition));
  if (changelog === undefined)
    throw usageError(
      "say where the state is: --dir DIRECTORY, --application ID, --topic TOPIC or --module MODULE",
    );
  const kind = kindOf(options.kind, definition);
  return {
    store,
    definition,
    remote: true,
    rows: (choice, transport) => {
      if (transport === undefined) throw new Error("a changelog is read over a connection");
      const rows = changelogRows(transport, changelog, kind, choice);
      const named = topic ?? known?.globalTopic;
      return id === undefined || named !== undefined ? rows : rowsOfStore(rows, transport, id, store);
    },
  };
};

/** The rows of a changelog that was looked for by the store's name: where it is not there, the others are told. */
async function* rowsOfStore(
  rows: AsyncIterable<StateRow>,
  transport: Transport,
  application: string,
  store: string,
): AsyncGenerator<StateRow> {
  try {
    yield* rows;
  } catch (error) {
    if (!(error instanceof MillraceError) || error.code !== "MISSING_TOPIC") throw error;
    const others = (await changelogs(transport, application)).map((one) => `"${one.store}"`);
    throw usageError(
      `"${application}" has no changelog of a store "${store}" on these brokers; it has ${others.join(", ") || "none"}`,
    );
  }
}

const changelogOf = (application: string, store: string, definition: StoreDefinition | undefined): string => {
  if (definition?.changelog === false && definition.changelogTopic === undefined)
    throw usageError(`store "${store}" has no changelog: it is in the memory of its application alone`);
  return changelogTopic(application, definition ?? { name: store });
};

interface KnownStore {
  readonly application: string;
  readonly definition: StoreDefinition;
  /** Of a global table: the topic that it is read from. */
  readonly globalTopic: string | undefined;
}

const storeIn = async (module: string, store: string, options: SourceOptions): Promise<KnownStore> => {
  const names: string[] = [];
  for (const topology of await loadTopologies(module, options.export)) {
    const application = topology.name;
    const stores = [
      ...topology.subTopologies.flatMap((subTopology): KnownStore[] =>
        subTopology.stores.map((definition) => ({ application, definition, globalTopic: undefined })),
      ),
      ...topology.globals.flatMap(({ role }): KnownStore[] =>
        role.type === "global" ? [{ application, definition: role.store, globalTopic: role.topic.name }] : [],
      ),
    ];
    const found = stores.find(({ definition }) => definition.name === store);
    if (found !== undefined) return found;
    names.push(...stores.map(({ definition }) => `"${definition.name}"`));
  }
  throw usageError(`"${module}" has no store "${store}"; it has ${names.join(", ") || "none"}`);
};

const kindOf = (
  said: string | undefined,
  definition: StoreDefinition | undefined,
): StoreDefinition["kind"] => {
  const kind = kinds.find((one) => one === said);
  if (said !== undefined && kind === undefined)
    throw usageError(`--kind is "${said}"; it must be one of ${kinds.join(", ")}`);
  return kind ?? definition?.kind ?? "keyValue";
};
