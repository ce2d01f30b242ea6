import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Component } from "./component.ts";

interface Registered {
  readonly id: number;
  readonly schema: string;
}

/**
 * The part of Confluent's schema registry API that serdes use, in this process: register, look up, by id, config.
 * It keeps what it is told but does not judge compatibility.
 */
export const simulatedRegistry = async (): Promise<Component> => {
  const state = new State();
  const server = createServer((request, response) => {
    void answer(state, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the registry has no port");
  return {
    name: "registry",
    rung: "simulated",
    address: `http://127.0.0.1:${address.port}`,
    detail: "a schema registry simulated in this process",
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

class State {
  readonly schemas: string[] = [];
  readonly subjects = new Map<string, Registered[]>();
  readonly config = new Map<string, string>();

  register(subject: string, schema: string): Registered {
    const versions = this.subjects.get(subject) ?? [];
    this.subjects.set(subject, versions);
    const known = versions.find((version) => version.schema === schema);
    if (known !== undefined) return known;
    let id = this.schemas.indexOf(schema) + 1;
    if (id === 0) id = this.schemas.push(schema);
    const registered = { id, schema };
    versions.push(registered);
    return registered;
  }
}

const answer = async (state: State, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body =
    chunks.length === 0
      ? {}
      : (JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>);
  const send = (status: number, value: unknown): void => {
    response.writeHead(status, { "content-type": "application/vnd.schemaregistry.v1+json" });
    response.end(JSON.stringify(value));
  };
  const notFound = (code: number, what: string): void =>
    send(404, { error_code: code, message: `${what} not found.` });
  const path = decodeURIComponent(new URL(request.url ?? "/", "http://registry").pathname);
  const [, kind, name = "", , version] = path.split("/");
  if (kind === "subjects" && name === "") return send(200, [...state.subjects.keys()]);
  if (kind === "subjects" && request.method === "POST") {
    const schema = String(body["schema"]);
    if (path.endsWith("/versions")) return send(200, { id: state.register(name, schema).id });
    const versions = state.subjects.get(name);
    if (versions === undefined) return notFound(40401, `Subject '${name}'`);
    const index = versions.findIndex((registered) => registered.schema === schema);
    if (index < 0) return notFound(40403, "Schema");
    return send(200, { subject: name, version: index + 1, ...versions[index] });
  }
  if (kind === "subjects") {
    const versions = state.subjects.get(name);
    if (versions === undefined) return notFound(40401, `Subject '${name}'`);
    if (version === undefined)
      return send(
        200,
        versions.map((_, index) => index + 1),
      );
    const index = version === "latest" ? versions.length - 1 : Number(version) - 1;
    const found = versions[index];
    return found === undefined
      ? notFound(40402, `Version ${version}`)
      : send(200, { subject: name, version: index + 1, ...found });
  }
  if (kind === "schemas") {
    const schema = state.schemas[Number(path.split("/")[3]) - 1];
    return schema === undefined ? notFound(40403, "Schema") : send(200, { schema });
  }
  if (kind === "config") {
    if (request.method === "PUT") {
      state.config.set(name, String(body["compatibility"]));
      return send(200, { compatibility: body["compatibility"] });
    }
    const level = state.config.get(name);
    return level === undefined && name !== ""
      ? notFound(40408, `Subject '${name}' does not have subject-level compatibility configured`)
      : send(200, { compatibilityLevel: level ?? "BACKWARD" });
  }
  return notFound(404, path);
};
