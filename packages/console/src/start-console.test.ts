import { request } from "node:http";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Console, startConsole } from "./start-console.ts";

const cluster = simulatedCluster();
let watched: Console;
beforeAll(async () => {
  watched = await startConsole({
    // Nothing listens there.
    applications: ["http://127.0.0.1:9"],
    kafka: { address: "simulated", transport: cluster.transport() },
    port: 0,
  });
});
afterAll(async () => {
  await watched.close();
  cluster.close();
});

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** As nobody's browser sends it: with any Host and Origin. */
const send = (path: string, { method = "GET", headers = {}, body }: Sent = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request(new URL(path, watched.url), { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => (text += part));
      response.once("end", () => resolve(`${response.statusCode} ${text}`));
    });
    asked.once("error", reject).end(body);
  });

const replay = (headers: Readonly<Record<string, string>>): Promise<string> =>
  send("/api/replay", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ topic: "nothing", choice: { by: "all" } }),
  });
const bearer = () => ({ authorization: `Bearer ${watched.token}` });

test("changes nothing without the token", async () => {
  expect(await replay({})).toMatch(/^401 .*asks for the token/);
  expect(await replay({ authorization: "Bearer wrong" })).toMatch(/^401 .*not the token/);
  // With it the request gets further: to a topic that there is not.
  expect(await replay(bearer())).toMatch(/^404 .*no dead-letter topic/);
  expect(
    await send("/api/reset", { method: "POST", headers: { "content-type": "application/json" } }),
  ).toMatch(/^401/);
});

test("takes no change from a page of another origin, nor one that a form could send", async () => {
  expect(await replay({ ...bearer(), origin: "http://evil.example" })).toMatch(/^403 /);
  expect(await replay({ ...bearer(), origin: new URL(watched.url).origin })).toMatch(/^404 /);
  expect(await replay({ ...bearer(), "content-type": "text/plain" })).toMatch(/^415 /);
});

test("answers nothing under a name that is not its own", async () => {
  for (const path of ["/", "/events", "/api/stores?application=a&store=b"])
    expect(await send(path, { headers: { host: "rebound.example" } }), path).toMatch(
      /^421 .*rebound\.example/,
    );
  expect(await replay({ ...bearer(), host: "rebound.example" })).toMatch(/^421 /);
});

test("says what it has and has not", async () => {
  expect(await send("/nothing")).toMatch(/^404 /);
  expect(await send("/api/stores", { method: "DELETE" })).toMatch(/^405 /);
  expect(await send("/api/stores?application=a&store=b")).toMatch(/^503 .*nobody who runs/);
  expect(await send("/api/reset?application=a&to=earliest")).toMatch(/^404 .*no application/);
});

test("says what is wrong with a request that is none, and with a body that is too long", async () => {
  const { hostname, port } = new URL(watched.url);
  const status = await new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path: "//" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once("error", reject).end();
  });
  expect(status).toBe(400);
  const headers = { "content-type": "application/json", ...bearer() };
  const body = JSON.stringify({ topic: "x".repeat(4 << 20) });
  expect(await send("/api/replay", { method: "POST", headers, body })).toMatch(/^413 .*longer than/);
});

test("lets the page load nothing from elsewhere", async () => {
  const response = await fetch(watched.url);
  expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'; script-src 'self'/);
  expect(await response.text()).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
});

test("looks while somebody watches, and says what is out of reach", async () => {
  expect(watched.isLooking).toBe(false);
  const leaving = new AbortController();
  const response = await fetch(new URL("/events", watched.url), { signal: leaving.signal });
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString("utf8");
    if (/event: state\n.*\n\n/.test(text)) break;
  }
  leaving.abort();
  expect(text).toContain("http://127.0.0.1:9 does not answer");
  expect(watched.isLooking).toBe(true);
});
