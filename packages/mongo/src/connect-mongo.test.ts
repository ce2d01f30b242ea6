import { createServer, type Server } from "node:net";
import { expect, test } from "vitest";
import { connectMongo } from "./connect-mongo.ts";

test("refuses what is no connection string, without quoting its password", async () => {
  await expect(connectMongo("http://example.test")).rejects.toMatchObject({ code: "MONGO_CONNECT" });
  for (const uri of [
    "mongodb://me:s3/cret@host",
    "mongo://me:s3cret@host",
    "mongodb://me:s3cret@host/?bad=1",
  ]) {
    const failure: unknown = await connectMongo(uri).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "MONGO_CONNECT" });
    expect(String(failure)).not.toContain("cret");
  }
});

test.each([
  "mongodb://me:s3cret@host:27017",
  "mongodb://me:s3cret@host:27017/",
  "mongodb://me:s3cret@a,b/?replicaSet=rs",
  "mongodb://host?directConnection=true",
])("asks for the name of a database: %s", async (uri) => {
  const failure: unknown = await connectMongo(uri).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "MONGO_CONNECT",
    retriable: false,
    message: expect.stringMatching(
      /names no database on (host|a|host:27017|a:27017,b:27017).*: write mongodb:.*DATABASE$/,
    ),
  });
  expect(String(failure)).not.toContain("s3cret");
});

/** Takes connections, and says nothing. */
const silent = async (): Promise<Server> => {
  const server = createServer((socket) => void socket.on("error", () => undefined).resume());
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
};

test("says within 5 s that nobody is there, or that somebody does not answer, and where", async () => {
  const server = await silent();
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const started = performance.now();
  const failures = await Promise.all(
    [`mongodb://127.0.0.1:${port}/venue`, "mongodb://127.0.0.1:9/venue"].map((uri) =>
      connectMongo(uri).catch((error: unknown) => error),
    ),
  );
  expect(performance.now() - started).toBeLessThan(5_000);
  for (const [index, failure] of failures.entries())
    expect(failure).toMatchObject({
      code: "MONGO_CONNECT",
      retriable: true,
      message: expect.stringContaining(`MongoDB at 127.0.0.1:${[port, 9][index]} can't be used`),
    });
  server.close();
}, 10_000);
