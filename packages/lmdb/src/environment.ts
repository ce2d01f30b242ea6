import { type Database, open, type RootDatabase } from "lmdb";

type Bytes = Database<Buffer, Buffer>;

/** One LMDB environment as both threads open it. */
export interface Environment {
  /** Bytes. */
  readonly maxKeyLength: number;
  readonly root: RootDatabase<Buffer, Buffer>;
  /** What the environment is for, and the positions. */
  readonly meta: Bytes;
  readonly store: (name: string) => Bytes;
}

const binary = { encoding: "binary", keyEncoding: "binary", cache: false } as const;
/** More than a sub-topology has stores; LMDB takes a few bytes for each. */
const maxStores = 1_000;

/** `readOnly`: for a look from beside, which changes nothing. Throws where there is none then. */
export const openEnvironment = (
  path: string,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Environment => {
  const root = open<Buffer, Buffer>({ ...binary, path, maxDbs: maxStores, noMemInit: true, readOnly });
  const stores = new Map<string, Bytes>();
  const database = (name: string): Bytes => {
    let found = stores.get(name);
    if (found === undefined) stores.set(name, (found = root.openDB<Buffer, Buffer>({ ...binary, name })));
    return found;
  };
  return {
    root,
    // Not in its types.
    maxKeyLength: (root as unknown as { readonly maxKeySize: number }).maxKeySize,
    get meta() {
      return database("meta");
    },
    store: (name) => database(`store ${name}`),
  };
};

/** Where the changelog position of a store stands in `meta`. */
export const positionKey = (store: string): Buffer => Buffer.from(`position ${store}`);
/** Where `meta` says which task and stores these are. */
export const taskKey: Buffer = Buffer.from("task");
