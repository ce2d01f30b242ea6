import { parseArgs } from "node:util";
import type { RegistrySettings } from "@millrace/service/settings";
import type { Transport } from "@millrace/streams";
import { type Command, connectionOptions, print, withTransport } from "./command.ts";
import { keyChoice } from "./key-choice.ts";
import { listChangelogs, listDirectory } from "./list-stores.ts";
import { onlyOptions } from "./only-options.ts";
import { payloadFormat, serdeFormat } from "./payload-format.ts";
import { registrySettings } from "./registry-settings.ts";
import { type RowFormat, rowJson, rowsText } from "./show-rows.ts";
import { type StateSource, stateSource } from "./state-source.ts";
import { usageError } from "./usage-error.ts";
import { wholeNumber } from "./whole-number.ts";

const help = `millrace state list (--dir DIRECTORY | --application ID)
millrace state dump STORE WHERE [--partition N...] [--limit N] [--json]
millrace state get STORE KEY WHERE [...]
millrace state range STORE WHERE [--from KEY] [--to KEY] [--prefix TEXT] [...]

  What an application's stores hold, as it is committed. WHERE is one of
    --dir DIRECTORY      its state directory on this machine (of a service: STATE_DIR/<its id>), also while it runs
    --application ID     the store's changelog, <id>-<store>-changelog: of each key the last record
    --topic TOPIC        any other compacted topic
  Keys and values are read by the serdes of --module MODULE [--export NAME], a module which exports the topology (its id and
  changelogs are known then), or as --key and --value say: auto, string, long, int, double, json, avro, hex. Of a changelog
  without a module, --kind is its layout: keyValue, window, session, join or versioned. Ranges are [from, to) in the order of
  the keys' bytes; bytes are given as 0x…`;

const options = {
  ...connectionOptions,
  dir: { type: "string" },
  application: { type: "string" },
  topic: { type: "string" },
  module: { type: "string" },
  export: { type: "string" },
  kind: { type: "string" },
  key: { type: "string", default: "auto" },
  value: { type: "string", default: "auto" },
  registry: { type: "string" },
  partition: { type: "string", multiple: true },
  from: { type: "string" },
  to: { type: "string" },
  prefix: { type: "string" },
  limit: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

const bounds = ["from", "to", "prefix"];

/** By action. */
const optionsOf = {
  list: ["brokers", "dir", "application", "json"],
  dump: Object.keys(options).filter((name) => !bounds.includes(name)),
  get: Object.keys(options).filter((name) => !bounds.includes(name)),
  range: Object.keys(options),
} as const;

const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    tokens: true,
    options,
  });
  const [action, store, ...rest] = positionals;
  const { brokers, dir, application, json } = values;
  const takes = new Map(Object.entries(optionsOf)).get(action ?? "");
  if (takes === undefined) throw usageError(help);
  onlyOptions(`state ${action}`, tokens, takes);
  if (action === "list") {
    if (store !== undefined || (dir === undefined) === (application === undefined)) throw usageError(help);
    if (dir !== undefined) return print(await listDirectory(dir, json));
    return withTransport(brokers, async (transport) =>
      print(await listChangelogs(transport, application ?? "", json)),
    );
  }
  const keys = action === "get" ? 1 : 0;
  if (store === undefined || rest.length !== keys) throw usageError(help);
  const limit = values.limit === undefined ? Infinity : wholeNumber("--limit", values.limit);
  const source = await stateSource(store, values);
  const format = rowFormat(source, values, registrySettings(values.registry, process.env));
  const { from, to, prefix } = values;
  const wanted = action === "range" ? { from, to, prefix } : { key: rest[0] };
  const choice = {
    matches: keyChoice(wanted, format.key),
    partitions: values.partition?.map((partition) => wholeNumber("--partition", partition)),
  };
  const show = async (transport?: Transport): Promise<void> => {
    const count = await showRows(source.rows(choice, transport), { format, limit, json });
    if (count > 0) return;
    const { definition, remote } = source;
    // Without either, keys of windows, sessions and versions are taken for those of rows by key.
    const guessed = remote && definition === undefined && values.kind === undefined;
    const other = guessed ? "; --kind or --module says how its keys are laid out, unless by key alone" : "";
    if (action === "get") throw usageError(`"${store}" has no key ${rest[0]}${other}`);
    if (!json) print([`"${store}" has no such rows`]);
  };
  return source.remote ? withTransport(brokers, show) : show();
};

const rowFormat = (
  { definition }: StateSource,
  { key, value }: { readonly key: string; readonly value: string },
  registry: RegistrySettings | undefined,
): RowFormat => ({
  key:
    definition === undefined || key !== "auto"
      ? payloadFormat("--key", key, registry)
      : serdeFormat(definition.key),
  value:
    definition === undefined || value !== "auto"
      ? payloadFormat("--value", value, registry)
      : serdeFormat(definition.value),
});

/** What a page of a table is as wide as. */
const rowsPerPage = 500;

const showRows = async (
  rows: AsyncIterable<Parameters<typeof rowJson>[0]>,
  { format, limit, json }: { readonly format: RowFormat; readonly limit: number; readonly json: boolean },
): Promise<number> => {
  let count = 0;
  let page: Parameters<typeof rowJson>[0][] = [];
  const show = async (): Promise<void> => {
    if (page.length > 0) print(await rowsText(page, format, count === page.length));
    page = [];
  };
  if (limit === 0) return 0;
  for await (const row of rows) {
    count++;
    if (json) print([await rowJson(row, format)]);
    else if (page.push(row) === rowsPerPage) await show();
    if (count === limit) break;
  }
  await show();
  return count;
};

/** `millrace state`. */
export const state: Command = {
  summary: "what stores hold: list, dump, get, range",
  help,
  connects: true,
  run,
};
