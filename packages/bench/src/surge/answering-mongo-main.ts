import type { Document } from "mongodb";
import { answeringMongo } from "./answering-mongo.ts";

// A process of its own, so that its CPU is its alone. Told the collections, it says its port; told to finish, what it answered.
process.once("disconnect", () => process.exit(0));
process.once("message", (collections) => {
  void (async () => {
    const mongo = await answeringMongo(collections as Readonly<Record<string, readonly Document[]>>);
    process.on("message", () => process.send?.(mongo.answered));
    process.send?.({ port: mongo.port });
  })();
});
