import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { RegistryFailure } from "./registry-failure.ts";

/** Who asks: a user, or the bearer of a token. */
export type RegistryAuth = RegistryCredentials | BearerToken;

/** HTTP's basic authentication. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** A token, or what gives one: asked before each request, so that it may change. */
export interface BearerToken {
  readonly token: string | (() => string | Promise<string>);
}

export interface RequesterOptions {
  readonly auth: RegistryAuth | undefined;
  readonly ca: string | Buffer | readonly (string | Buffer)[] | undefined;
  readonly cert: string | Buffer | undefined;
  readonly key: string | Buffer | undefined;
  readonly passphrase: string | undefined;
  readonly deadlineMs: number;
}

/** More than any schema has, and little enough to keep. */
const maxAnswerBytes = 32 << 20;

/** One JSON request to one address, with a deadline for all of it; nothing is retried. Throws RegistryFailure. */
export class HttpRequester {
  readonly #options: RequesterOptions;
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https: HttpsAgent;

  constructor(options: RequesterOptions) {
    this.#options = options;
    const { ca, cert, key, passphrase } = options;
    this.#https = new HttpsAgent({
      keepAlive: true,
      ...(ca !== undefined && { ca: typeof ca === "string" || Buffer.isBuffer(ca) ? ca : [...ca] }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(passphrase !== undefined && { passphrase }),
    });
  }

  async ask(method: string, url: string, body?: unknown): Promise<unknown> {
    const { deadlineMs } = this.#options;
    const deadline = AbortSignal.timeout(deadlineMs);
    let status: number;
    let text: string;
    try {
      const authorization = await before(deadline, this.#authorization());
      const response = await this.#send(method, url, authorization, body, deadline);
      status = response.statusCode ?? 0;
      text = await textOf(response);
    } catch (error) {
      if (error instanceof RegistryFailure) throw error;
      if (deadline.aborted)
        throw new RegistryFailure("unreachable", `no answer within ${deadlineMs} ms`, { cause: error });
      const { code, reason } = networkReason(error);
      throw new RegistryFailure(aboutTls.test(code) ? "untrusted" : "unreachable", reason, { cause: error });
    }
    const answer = jsonOf(text);
    if (status >= 200 && status < 300) {
      if (answer !== undefined) return answer;
      throw new RegistryFailure("unreachable", `HTTP ${status}, but not from a schema registry`);
    }
    throw RegistryFailure.of(status, answer);
  }

  async #authorization(): Promise<string | undefined> {
    const { auth } = this.#options;
    if (auth === undefined) return undefined;
    if ("token" in auth) return `Bearer ${typeof auth.token === "string" ? auth.token : await auth.token()}`;
    return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}`;
  }

  #send(
    method: string,
    url: string,
    authorization: string | undefined,
    body: unknown,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const secure = url.startsWith("https:");
    const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const request = (secure ? httpsRequest : httpRequest)(
        url,
        {
          method,
          signal,
          agent: secure ? this.#https : this.#http,
          headers: {
            accept: "application/vnd.schemaregistry.v1+json, application/json",
            ...(sent && {
              "content-type": "application/vnd.schemaregistry.v1+json",
              "content-length": sent.length,
            }),
            ...(authorization !== undefined && { authorization }),
          },
        },
        resolve,
      );
      request.on("error", reject);
      request.end(sent);
    });
  }
}

/** Whoever gives tokens may never answer. */
const before = async <T>(deadline: AbortSignal, answer: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const giveUp = (): void => late.reject(deadline.reason);
  deadline.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    deadline.removeEventListener("abort", giveUp);
  }
};

const textOf = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxAnswerBytes)
      throw new RegistryFailure("useless", `an answer of more than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A proxy's page, or nothing: that it is no JSON is the answer.
    return undefined;
  }
};

/** Codes of Node and OpenSSL about certificates and TLS: a time-out or a connection that breaks is none. */
const aboutTls = /^ERR_SSL_|^ERR_TLS_|CERT|^UNABLE_TO_/;

/** With several addresses tried, Node's error has no text of its own. */
const networkReason = (error: unknown): { readonly code: string; readonly reason: string } => {
  if (typeof error !== "object" || error === null) return { code: "", reason: String(error) };
  const { code = "", message = "" } = error as { readonly code?: string; readonly message?: string };
  if (code === "" || message === "") return { code, reason: code || message || "no connection" };
  const said = code.startsWith("E") && message.includes(code);
  return { code, reason: said ? code : `${message.trim()} (${code})` };
};
