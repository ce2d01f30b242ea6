/** The options that workloads have in common, for `parseArgs`. */
export const sharedOptions = {
  json: { type: "boolean", default: false },
  engines: { type: "string", default: "millrace,jvm" },
  guarantee: { type: "string", default: "exactly_once" },
  "node-option": { type: "string", multiple: true, default: [] as string[] },
} as const;
