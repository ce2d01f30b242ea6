import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { SchemaLanguage } from "./schema-language.ts";
import { schemaRegistry } from "./http-schema-registry.ts";
import type { SchemaRegistryOptions } from "./schema-registry-options.ts";
import { type RegistryServer, type RegistryServerOptions, startRegistryServer } from "./testing/index.ts";

/** Schemas that are numbers: one reads what was written with the same or a smaller one. */
const numbers: SchemaLanguage = {
  schemaType: "JSON",
  parse: (schema) => ({
    canonical: String(Number(schema)),
    problemsReading: (writer) => (Number(writer.canonical) <= Number(schema) ? [] : [`${schema} is smaller`]),
  }),
};
const number = (value: number) => ({ schemaType: "JSON", schema: String(value) }) as const;

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});
const start = async (options: Partial<RegistryServerOptions> = {}): Promise<RegistryServer> => {
  const server = await startRegistryServer({ languages: [numbers], ...options });
  running.push(() => server.stop());
  return server;
};
const client = (options: SchemaRegistryOptions) => {
  const lines: string[] = [];
  const registry = schemaRegistry({
    patienceMs: 0,
    ...options,
    log: (level, message) => lines.push(`${level} ${message}`),
  });
  return { registry, lines };
};

test("gives a subject without a level of its own ours, and says so", async () => {
  const server = await start();
  const { registry, lines } = client({ url: server.url });
  expect(await registry.register("s", number(1))).toBe(1);
  expect(server.state.levels.get("s")).toBe("BACKWARD_TRANSITIVE");
  expect(lines).toEqual([
    'info set the compatibility of subject "s" to BACKWARD_TRANSITIVE; the registry\'s global one is BACKWARD',
  ]);
  expect(await client({ url: server.url }).registry.register("s", number(2))).toBe(2);
  await expect(client({ url: server.url }).registry.register("s", number(1.5))).rejects.toMatchObject({
    code: "INCOMPATIBLE_SCHEMA",
    message: expect.stringMatching(/Give new fields a default.*1.5 is smaller/s),
  });
});

test("never weakens what the registry promises", async () => {
  const server = await start();
  server.state.globalLevel = "FULL_TRANSITIVE";
  const full = client({ url: server.url });
  await full.registry.register("s", number(1));
  expect(server.state.levels.get("s")).toBeUndefined();
  expect(full.lines).toEqual([`info subject "s" has the registry's global compatibility, FULL_TRANSITIVE`]);

  server.state.globalLevel = "FORWARD";
  await client({ url: server.url }).registry.register("t", number(1));
  expect(server.state.levels.get("t")).toBe("FULL_TRANSITIVE");

  for (const level of ["FULL_TRANSITIVE", "BACKWARD", "NONE"] as const) {
    server.state.levels.set("u", level);
    const own = client({ url: server.url });
    await own.registry.register("u", number(1));
    expect(server.state.levels.get("u")).toBe(level);
    expect(own.lines[0]).toMatch(
      level === "FULL_TRANSITIVE" ? /^info .*FULL_TRANSITIVE$/ : /^warn .*it is left so/,
    );
  }
});

test.each([401, 403])("registers where the level may not be set (%i), and says so", async (status) => {
  const server = await start({
    permit: ({ method, path }) => (method === "PUT" && path.startsWith("/config") ? status : 200),
  });
  const { registry, lines } = client({ url: server.url });
  expect(await registry.register("s", number(1))).toBe(1);
  expect(lines).toEqual([
    `warn the compatibility of subject "s" may not be set to BACKWARD_TRANSITIVE (not permitted (HTTP ${status})); it stays the registry's global one, BACKWARD`,
  ]);
  const blind = await start({ permit: ({ path }) => (path.startsWith("/config") ? status : 200) });
  const second = client({ url: blind.url });
  expect(await second.registry.register("s", number(1))).toBe(1);
  expect(second.lines[0]).toMatch(/^warn the registry does not say the compatibility of subject "s"/);
});

test("says what is not permitted where registering is not", async () => {
  const server = await start({ permit: ({ method }) => (method === "POST" ? 403 : 200) });
  await expect(client({ url: server.url }).registry.register("s", number(1))).rejects.toMatchObject({
    code: "SCHEMA_REGISTRY",
    message: expect.stringMatching(
      /registering the schema of subject "s".*not permitted \(HTTP 403\); check what it permits/,
    ),
  });
});

test("proves who asks: user and password, in the address too, or a token that may change", async () => {
  const seen: (string | undefined)[] = [];
  const server = await start({
    permit: ({ authorization }) => {
      seen.push(authorization);
      return authorization === undefined ? 401 : 200;
    },
  });
  const basic = `Basic ${Buffer.from("u:p@ss").toString("base64")}`;
  await client({ url: server.url, auth: { username: "u", password: "p@ss" } })
    .registry.lookup("s", number(1))
    .catch(() => undefined);
  await client({ url: server.url.replace("//", "//u:p%40ss@") })
    .registry.lookup("s", number(1))
    .catch(() => undefined);
  let turn = 0;
  const bearer = client({ url: server.url, auth: { token: () => `t${++turn}` } });
  await bearer.registry.lookup("s", number(1)).catch(() => undefined);
  await bearer.registry.lookup("s", number(1)).catch(() => undefined);
  await client({ url: server.url, auth: { token: "fixed" } })
    .registry.lookup("s", number(1))
    .catch(() => undefined);
  expect(seen).toEqual([basic, basic, "Bearer t1", "Bearer t2", "Bearer fixed"]);
  await expect(client({ url: server.url }).registry.lookup("s", number(1))).rejects.toThrow(/HTTP 401/);
});

test("takes a user and a password in the address as browsers do", async () => {
  const seen: (string | undefined)[] = [];
  const server = await start({
    permit: ({ authorization }) => {
      seen.push(authorization);
      return 401;
    },
  });
  for (const password of ["100%", "100%25", "%zz%C3%A4", "%ff"])
    await client({ url: server.url.replace("//", `//u:${password}@`) })
      .registry.lookup("s", number(1))
      .catch(() => undefined);
  expect(seen.map((header) => Buffer.from(header?.slice(6) ?? "", "base64").toString())).toEqual([
    "u:100%",
    "u:100%",
    "u:%zzä",
    "u:%ff",
  ]);
});

test("does not wait for a token that never comes", async () => {
  const server = await start();
  const { registry } = client({
    url: server.url,
    deadlineMs: 50,
    auth: { token: () => new Promise(() => undefined) },
  });
  await expect(registry.lookup("s", number(1))).rejects.toMatchObject({
    code: "SCHEMA_REGISTRY",
    message: expect.stringMatching(/no answer within 50 ms/),
  });
});

/** Answers each path with one text, whatever is asked. */
const saying = async (answers: Readonly<Record<string, unknown>>): Promise<string> => {
  const server = createServer((request, response) => {
    const answer = answers[`${request.method} ${request.url}`];
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { error_code: 40_401, message: "there is none" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  running.push(() => new Promise((resolve) => server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test("leaves a level that it does not know as it is, and says so", async () => {
  const url = await saying({
    "GET /config/s": { compatibilityLevel: "SEMANTIC" },
    "POST /subjects/s/versions": { id: 7 },
  });
  const { registry, lines } = client({ url });
  expect(await registry.register("s", number(1))).toBe(7);
  expect(lines).toEqual([
    expect.stringMatching(/^warn .*it is "SEMANTIC", which is not known here.*nothing is set$/),
  ]);
});

test("a schema whose references are none is of no use, and asked for once", async () => {
  const url = await saying({
    "GET /schemas/ids/1": { schemaType: "JSON", schema: "1", references: [null] },
    "GET /schemas/ids/2": { schemaType: "JSON", schema: "1", references: "none" },
  });
  const { registry } = client({ url });
  for (const id of [1, 2]) {
    await registry.fetchSchema(id);
    expect(() => registry.writerSchema(id)).toThrow(/references that are none/);
  }
});

test("asks the next address where one does not answer, and stays with it", async () => {
  const server = await start();
  const { registry, lines } = client({ url: `http://127.0.0.1:9, ${server.url}/` });
  expect(await registry.register("s", number(1))).toBe(1);
  expect(await registry.lookup("s", number(1))).toBe(1);
  expect(lines.filter((line) => line.includes("not reachable"))).toEqual([]);
  expect(registry.url).toBe(`http://127.0.0.1:9,${server.url}`);
  await expect(
    client({ url: ["http://127.0.0.1:9", "http://127.0.0.1:11"] }).registry.lookup("s", number(1)),
  ).rejects.toMatchObject({
    code: "SCHEMA_REGISTRY",
    retriable: true,
    message: expect.stringMatching(/ECONNREFUSED/),
  });
});

test("refuses what is no address, without saying its password", () => {
  expect(() => schemaRegistry({ url: "ftp://u:secret@host" })).toThrow(/^"ftp:\/\/host" is no URL/);
  expect(() => schemaRegistry({ url: " , " })).toThrow(/no URL of a schema registry is given/);
});

test("fetches a schema with all that it references, and what the registry does not know is asked again later", async () => {
  const server = await start();
  server.state.register("inner", number(1));
  server.state.register("middle", {
    ...number(2),
    references: [{ name: "one", subject: "inner", version: 1 }],
  });
  const { id } = server.state.register("outer", {
    ...number(3),
    references: [{ name: "two", subject: "middle", version: 1 }],
  });
  const { registry } = client({ url: server.url });
  expect(() => registry.writerSchema(id)).toThrow(expect.objectContaining({ code: "NOT_READY" }));
  await registry.fetchSchema(id);
  expect(registry.fetchSchema(id)).toBeUndefined();
  expect(registry.writerSchema(id)).toEqual({
    schemaType: "JSON",
    schema: "3",
    references: [
      { name: "one", schema: "1" },
      { name: "two", schema: "2" },
    ],
  });
  await registry.fetchSchema(99);
  expect(() => registry.writerSchema(99)).toThrow(expect.objectContaining({ code: "UNKNOWN_SCHEMA_ID" }));
});

test("a schema whose references go in a circle is of no use, and asked for once", async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    const references = [{ name: `again-${asked}`, subject: "circle", version: 1 }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ schemaType: "JSON", schema: "1", references }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  running.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { registry } = client({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  await registry.fetchSchema(7);
  expect(() => registry.writerSchema(7)).toThrow(
    expect.objectContaining({ code: "INVALID_SCHEMA", message: expect.stringMatching(/lead back to/) }),
  );
  expect(asked).toBe(2);
});

test("gives up on an answer that never ends, and on a page that is no registry's", async () => {
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/slow")) response.writeHead(200).write("{");
    else response.writeHead(404, { "content-type": "text/html" }).end("<h1>no such page</h1>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  running.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(
    client({ url: `${url}/slow`, deadlineMs: 200 }).registry.lookup("s", number(1)),
  ).rejects.toMatchObject({ retriable: true, message: expect.stringMatching(/no answer within 200 ms/) });
  await expect(client({ url }).registry.lookup("s", number(1))).rejects.toThrow(
    /HTTP 404, but not from a schema registry.*check SCHEMA_REGISTRY_URL/,
  );
});
