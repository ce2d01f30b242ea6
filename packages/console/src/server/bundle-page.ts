import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Makes the page's files from their sources: in this repository only, the package has them made. */
export const bundlePage = async (): Promise<ReadonlyMap<string, Uint8Array>> => {
  const { build } = await import("esbuild");
  const page = new URL("../../page/", import.meta.url);
  const { outputFiles } = await build({
    entryPoints: ["main.tsx", "styles/console.css"].map((name) => ({
      in: fileURLToPath(new URL(name, page)),
      out: "console",
    })),
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    outdir: "out",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "silent",
  });
  return new Map<string, Uint8Array>([
    ["index.html", await readFile(new URL("index.html", page))],
    ...outputFiles.map(({ path, contents }) => [path.slice(path.lastIndexOf("/") + 1), contents] as const),
  ]);
};
