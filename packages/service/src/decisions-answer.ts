import { MillraceError } from "@millrace/streams";
import type { Service, ServiceDecision } from "./service.ts";

/** What `/decisions` answers, as JSON: what applications decided in this process, the earliest first. */
export interface DecisionsAnswer {
  readonly applications: readonly {
    readonly application: string;
    readonly decisions: readonly ServiceDecision[];
  }[];
}

/** Decisions whose sequence is greater than `after` (0). Throws a MillraceError `BAD_QUERY`. */
export const decisionsAnswer = (
  service: Service | undefined,
  parameters: URLSearchParams,
): DecisionsAnswer => {
  const text = parameters.get("after") ?? "0";
  if (!/^\d{1,15}$/.test(text))
    throw new MillraceError(`"after" is "${text}"; it must be a whole number`, { code: "BAD_QUERY" });
  const after = Number(text);
  return {
    applications: (service?.applications ?? []).map(({ app, decisions }) => ({
      application: app.applicationId,
      decisions: decisions.filter(({ sequence }) => sequence > after),
    })),
  };
};
