import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { Document } from "mongodb";
import { type Message, messagesOf, replyTo } from "./mongo-messages.ts";

/** What was asked of it: documents written, by collection; and commands. */
export interface Answered {
  readonly written: Readonly<Record<string, number>>;
  readonly commands: number;
}

/** A server that speaks MongoDB's protocol. */
export interface AnsweringMongo {
  readonly port: number;
  readonly answered: Answered;
  close(): void;
}

/**
 * In the place of a MongoDB, as a replica set of one member: it says at once of all that is written that it was, keeps
 * none of it, and finds only the documents that it is given, by the fields that surge asks for. So what is measured with
 * it is what everybody else costs.
 */
export const answeringMongo = async (
  collections: Readonly<Record<string, readonly Document[]>>,
): Promise<AnsweringMongo> => {
  const written: Record<string, number> = {};
  const answered = { written, commands: 0 };
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    // A client that ends resets its connections.
    serve(socket).catch(() => socket.destroy());
  });
  const serve = async (socket: Socket): Promise<void> => {
    for await (const message of messagesOf(socket)) {
      answered.commands++;
      socket.write(replyTo(message, answerTo(message)));
    }
  };
  const found = Object.entries(collections).map(
    ([name, documents]) => [name, documents.map(indexed)] as const,
  );
  const byName = new Map(found);
  const answerTo = ({ body, documents }: Message): Document => {
    const [name = "", value] = Object.entries(body)[0] ?? [];
    switch (name) {
      case "insert":
      case "update": {
        const collection = String(value);
        written[collection] = (written[collection] ?? 0) + documents;
        return { n: documents, ...(name === "update" && { nModified: documents }), ok: 1 };
      }
      case "find":
        return cursor(String(value), find(byName.get(String(value)) ?? [], body["filter"] as Document));
      case "listIndexes":
        return cursor(String(value), []);
      case "hello":
      case "isMaster":
      case "ismaster":
        return hello(port);
      default:
        return { ok: 1 };
    }
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a server on TCP has no port");
  const { port } = address;
  return { port, answered, close: () => server.close() };
};

const hello = (port: number): Document => {
  const me = `127.0.0.1:${port}`;
  return {
    isWritablePrimary: true,
    ismaster: true,
    setName: "answering",
    hosts: [me],
    primary: me,
    me,
    minWireVersion: 0,
    maxWireVersion: 21,
    logicalSessionTimeoutMinutes: 30,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    ok: 1,
  };
};

const cursor = (collection: string, firstBatch: readonly Document[]): Document => ({
  cursor: { id: 0n, ns: `bench.${collection}`, firstBatch },
  ok: 1,
});

/** A document, and what it can be found by. */
interface Indexed {
  readonly document: Document;
  readonly values: ReadonlyMap<string, unknown>;
}

const asked = ["_id", "locationId", "appliesTo.entityId", "appliesTo.level"];

const indexed = (document: Document): Indexed => ({
  document,
  values: new Map(
    asked.map((path) => [
      path,
      path.split(".").reduce<unknown>((at, name) => (at as Document | undefined)?.[name], document),
    ]),
  ),
});

const find = (all: readonly Indexed[], filter: Document): readonly Document[] => {
  const conditions = Object.entries(filter)
    .filter(([path]) => asked.includes(path))
    .map(([path, wanted]) => {
      const among: unknown = (wanted as Document)["$in"];
      return [path, new Set(Array.isArray(among) ? among : [wanted])] as const;
    });
  return all
    .filter(({ values }) => conditions.every(([path, wanted]) => wanted.has(values.get(path))))
    .map(({ document }) => document);
};
