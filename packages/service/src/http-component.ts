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
        const answer = await fetch(target, { signal: AbortSignal.timeout(seconds(4)) });
        await answer.body?.cancel();
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        if (isAboutTrust(cause)) return;
        throw new Error(`${name} at ${address} does not answer: ${reasonOf(cause)}: ${advice}`, {
          cause: error,
        });
      }
    },
  };
};

const isAboutTrust = (error: unknown): boolean =>
  error instanceof Error && "code" in error && /CERT|SSL|TLS|SELF_SIGNED/.test(String(error.code));

const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
};
