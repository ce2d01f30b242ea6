import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A package that is published. */
export interface PublicPackage {
  /** `@millrace/streams` */
  readonly name: string;
  /** Its folder, absolute, without a slash at the end. */
  readonly folder: string;
  /** Its entries in TypeScript, absolute: those that `exports` names. */
  readonly entries: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const packages = new URL("../../", import.meta.url);

/** All of them, by name. */
export const publicPackages = (): readonly PublicPackage[] =>
  readdirSync(packages).flatMap((folderName) => {
    const folder = fileURLToPath(new URL(folderName, packages));
    const manifest = JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Manifest;
    if (manifest.private === true) return [];
    const sources = Object.values(manifest.exports).map((entry) =>
      typeof entry === "string" ? undefined : entry["@millrace/source"],
    );
    return [
      {
        name: manifest.name,
        folder,
        entries: sources.filter((source) => source !== undefined).map((source) => `${folder}/${source}`),
      },
    ];
  });
