import manifest from "../package.json" with { type: "json" };

/** Of this package, for `--version`. */
export const version: string = manifest.version;
