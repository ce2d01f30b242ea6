import type { Component } from "@millrace/service";

/** MongoDB, which `connect` connects to. */
export const mongoComponent = (uri: string, connect: () => Promise<unknown>): Component => ({
  name: "MongoDB",
  address: /^mongodb(?:\+srv)?:\/\/(?:.*@)?([^/?]*)/.exec(uri)?.[1] ?? uri,
  advice: "check MONGODB_URI, and that the server runs",
  reach: connect,
});
