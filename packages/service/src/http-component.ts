import { request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { seconds } from "@millrace/streams";
import type { Component } from "./component.ts";

/** A server over HTTP, as `httpComponent` asks it. */
export interface HttpComponentOptions extends Pick<Component, "name" | "advice"> {
  /** Of one server, or of several that stand in for each other. */
  readonly urls: readonly string[];
  /** A client's certificate and key (PEM), for servers that let nobody else speak. */
  readonly tls?: Pick<RequestOptions, "cert" | "key" | "passphrase"> | undefined;
}

/**
 * A server that is asked over HTTP. It is reached when it answers at all, at one of its addresses: whether it lets us in
 * is for its own client to say, and so is whether its certificate is to be trusted.
 */
export const httpComponent = ({ name, urls, advice, tls = {} }: HttpComponentOptions): Component => {
  const targets = urls.map(withoutUser);
  const address = targets.map(textOf).join(", ");
  return {
    name,
    address,
    advice,
    reach: async () => {
      try {
        await Promise.any(targets.map((target) => answerOf(target, tls)));
      } catch (error) {
        throw new Error(`${name} at ${address} does not answer: ${reasonOf(error)}: ${advice}`, {
          cause: error,
        });
      }
    },
  };
};

const withoutUser = (url: string): URL => {
  const target = new URL(url);
  target.username = "";
  target.password = "";
  return target;
};

const textOf = ({ href }: URL): string => href.replace(/\/$/, "");

/** Resolves with the beginning of any answer. Nothing secret is sent, so any certificate will do. */
const answerOf = (target: URL, tls: NonNullable<HttpComponentOptions["tls"]>): Promise<void> =>
  new Promise((resolve, reject) => {
    const timeout = AbortSignal.timeout(seconds(4));
    const options = { ...tls, signal: timeout, agent: false, rejectUnauthorized: false };
    const send = target.protocol === "https:" ? httpsRequest : httpRequest;
    send(target, options, (answer) => {
      answer.destroy();
      resolve();
    })
      .once("error", (error) => reject(timeout.aborted ? new Error("no answer within 4 s") : error))
      .end();
  });

const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
};
