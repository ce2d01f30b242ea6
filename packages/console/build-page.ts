// Makes the page that the package serves, in `dist/page`.
import { mkdir, writeFile } from "node:fs/promises";
import { bundlePage } from "./src/server/bundle-page.ts";

const folder = new URL("./dist/page/", import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, body] of await bundlePage()) await writeFile(new URL(name, folder), body);
