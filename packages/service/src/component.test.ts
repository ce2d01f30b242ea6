import { createServer } from "node:net";
import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { type Component, reachAll } from "./component.ts";
import { httpComponent } from "./http-component.ts";

const component = (name: string, reach: () => Promise<unknown>): Component => ({
  name,
  address: `${name}:1`,
  advice: `check ${name.toUpperCase()}`,
  reach,
});

const messageOf = (error: unknown): string => (error as Error).message;

const never = (): Promise<never> => new Promise(() => undefined);

test("names every component that is out of reach, where it should be and what to look at", async () => {
  await expect(
    reachAll([
      component("kafka", () => Promise.reject(new Error("refused"))),
      component("registry", () => Promise.resolve()),
      component("mongo", () => Promise.reject(new Error("nobody at mongo:1, check its log"))),
    ]),
  ).rejects.toMatchObject({
    code: "UNREACHABLE",
    message: "kafka at kafka:1: refused: check KAFKA; nobody at mongo:1, check its log",
  });
});

test("waits no longer than it is to, and for all at the same time", async () => {
  vi.useFakeTimers();
  try {
    const failed = reachAll([component("a", never), component("b", never)], 100).catch(messageOf);
    await vi.advanceTimersByTimeAsync(100);
    expect(vi.getTimerCount()).toBe(0);
    expect(await failed).toBe(
      "a at a:1 has not answered within 100 ms: check A; b at b:1 has not answered within 100 ms: check B",
    );
  } finally {
    vi.useRealTimers();
  }
});

test("a server over HTTP is reached when it answers, whatever that is", async () => {
  const server = createServer((socket) => {
    socket.once("data", () => socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const registry = httpComponent({
    name: "registry",
    urls: [`http://me:secret@127.0.0.1:${port}/v7`],
    advice: "check it",
  });
  expect(registry.address).toBe(`http://127.0.0.1:${port}/v7`);
  await reachAll([registry]);
  server.close();
  await once(server, "close");
  await expect(reachAll([registry])).rejects.toThrow(
    new RegExp(`^registry at http://127.0.0.1:${port}/v7 does not answer: .*ECONNREFUSED.*: check it$`),
  );
});

test("a server with several addresses is reached when one of them answers", async () => {
  const server = createServer((socket) => {
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const urls = ["http://127.0.0.1:9", `http://127.0.0.1:${port}`];
  const registry = httpComponent({ name: "registry", urls, advice: "check it" });
  await reachAll([registry]);
  server.close();
  await once(server, "close");
  await expect(reachAll([registry])).rejects.toThrow(
    new RegExp(
      `^registry at http://127.0.0.1:9, http://127.0.0.1:${port} does not answer: .*:9, .*:${port}: check it$`,
    ),
  );
});
