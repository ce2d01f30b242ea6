import { readFile } from "node:fs/promises";

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly body: Uint8Array;
}

const types: Readonly<Record<string, string>> = {
  "console.js": "text/javascript; charset=utf-8",
  "console.css": "text/css; charset=utf-8",
  "index.html": "text/html; charset=utf-8",
};

/** In the package they are built; where the sources run, they are built when they are asked for first. */
const isSource = import.meta.url.endsWith(".ts");
let building: Promise<ReadonlyMap<string, Asset>> | undefined;

/** The page's files by name. */
export const pageAssets = (): Promise<ReadonlyMap<string, Asset>> => (building ??= load());

const load = async (): Promise<ReadonlyMap<string, Asset>> => {
  const folder = new URL("../page/", import.meta.url);
  const bodies = isSource
    ? await (await import("./bundle-page.ts")).bundlePage()
    : new Map(
        await Promise.all(
          Object.keys(types).map(async (name) => [name, await readFile(new URL(name, folder))] as const),
        ),
      );
  return new Map([...bodies].map(([name, body]) => [name, { type: types[name] ?? "", body }]));
};
