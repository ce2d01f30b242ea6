import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { logLevel } from "kafkajs";
import { expect, test, vi } from "vitest";
import { newConnection } from "./internals.ts";

const require = createRequire(import.meta.url);

test("kafkajs is the version whose inside was read", () => {
  const { version } = JSON.parse(readFileSync(require.resolve("kafkajs/package.json"), "utf8"));
  expect(version).toBe("2.2.4");
});

test("a connection offers all that is used of it", () => {
  const { broker, connection } = newConnection({
    clientId: "test",
    host: "127.0.0.1",
    port: 9,
    connectionTimeout: 100,
    requestTimeout: 100,
  });
  for (const method of [
    "connect",
    "disconnect",
    "isConnected",
    "isAuthenticated",
    "authenticate",
    "nextCorrelationId",
  ])
    expect(connection).toHaveProperty(method, expect.any(Function));
  for (const method of ["push", "rejectAll", "waitForPendingRequests", "scheduleCheckPendingRequests"])
    expect(connection.requestQueue).toHaveProperty(method, expect.any(Function));
  expect(broker).toHaveProperty("connect", expect.any(Function));
  expect(connection.requestQueue.pending).toEqual([]);
});

test("an idle connection sets no timers", async () => {
  // Answers whatever comes with a response to ApiVersions v0 that lists nothing but itself.
  const server = createServer((socket) => {
    socket.on("data", (request) => {
      const answer = Buffer.alloc(4 + 4 + 2 + 4 + 6);
      answer.writeInt32BE(answer.length - 4, 0);
      request.copy(answer, 4, 8, 12); // the correlation id
      answer.writeInt32BE(1, 10);
      answer.writeInt16BE(18, 14);
      answer.writeInt16BE(0, 18);
      socket.write(answer.subarray(0, 18 + 2));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { broker, connection } = newConnection({
    clientId: "test",
    host: "127.0.0.1",
    port,
    connectionTimeout: 1_000,
    requestTimeout: 1_000,
  });
  await broker.connect();
  await new Promise((resolve) => setImmediate(resolve));
  // Those of kafkajs alone: other tests may run in this process.
  const timers: string[] = [];
  const { setTimeout: set } = globalThis;
  const setTimer = vi.spyOn(globalThis, "setTimeout").mockImplementation((...timer) => {
    const { stack = "" } = new Error("where");
    if (stack.includes("kafkajs")) timers.push(stack);
    return set(...timer);
  });
  const until = performance.now() + 100;
  while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
  setTimer.mockRestore();
  expect(timers).toEqual([]);
  await connection.disconnect();
  server.close();
});

test("who answers with what can't be an answer is hung up on, and all that waits hears why", async () => {
  const server = createServer((socket) => socket.on("data", () => socket.write(Buffer.alloc(8, 0xff))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { broker } = newConnection({
    clientId: "test",
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    connectionTimeout: 5_000,
    requestTimeout: 5_000,
    logLevel: logLevel.NOTHING,
  });
  await expect(broker.connect()).rejects.toThrow("an answer of -1 bytes is none");
  server.close();
});
