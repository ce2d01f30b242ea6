import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { seconds } from "@millrace/streams";
import type { Component } from "./component.ts";

/**
 * A server that is asked over HTTP. It is reached when it answers at all: whether it lets us in is for its own client
 * to say, and so is whether its certificate is to be trusted.
 */
export const httpComponent = ({
  name,
  url,
  advice,
}: Pick<Component, "name" | "advice"> & { readonly url: string }): Component => {
  const target = new URL(url);
  target.username = "";
  target.password = "";
  const address = target.href.replace(/\/$/, "");
  return {
    name,
    address,
    advice,
    reach: async () => {
      try {
        await answerOf(target);
      } catch (error) {
        throw new Error(`${name} at ${address} does not answer: ${reasonOf(error)}: ${advice}`, {
          cause: error,
        });
      }
    },
  };
};

/** Resolves with the beginning of any answer. Nothing secret is sent, so any certificate will do. */
const answerOf = (target: URL): Promise<void> =>
  new Promise((resolve, reject) => {
    const timeout = AbortSignal.timeout(seconds(4));
    const options = { signal: timeout, agent: false, rejectUnauthorized: false };
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
