import type { IncomingMessage } from "node:http";
import { badRequest, RequestError } from "./request-error.ts";

const longest = 256 * 1024;

/** The object that a request brings. Throws a RequestError for anything else; a form can't send this type. */
export const jsonBody = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> => {
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? ""))
    throw new RequestError(415, "the body must be application/json");
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longest) throw new RequestError(413, `the body is longer than ${longest} bytes`);
    chunks.push(chunk);
  }
  const parsed = parse(Buffer.concat(chunks).toString("utf8"));
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw badRequest("the body must be a JSON object");
  return parsed as Readonly<Record<string, unknown>>;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest("the body is no JSON");
  }
};
