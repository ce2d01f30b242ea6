import type { RowsAnswer, StoreRow } from "@millrace/service";
import { getJson, HttpGetError } from "../collector/http-get.ts";
import type { RowsView } from "../protocol/rows-view.ts";
import { RequestError } from "../server/request-error.ts";

/** Another member has it. */
const elsewhere = 421;

/**
 * Rows of a store from all members that answer, in the order that each has them. Where some can't be asked, their problems
 * stand beside the others' rows; where none can, it throws a RequestError with what they said.
 */
export const storeRows = async (
  members: readonly string[],
  [application, store]: readonly [application: string, store: string],
  parameters: URLSearchParams,
): Promise<RowsView> => {
  if (members.length === 0)
    throw new RequestError(503, `nobody who runs "${application}" can be reached: see Connections`);
  const path = `/stores/${encodeURIComponent(application)}/${encodeURIComponent(store)}?${parameters.toString()}`;
  const answers = await Promise.allSettled(members.map((url) => getJson<RowsAnswer>(`${url}${path}`)));
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const errors = answers.flatMap((answer): readonly unknown[] =>
    answer.status === "rejected" ? [answer.reason] : [],
  );
  const troubles = errors.filter((error) => !(error instanceof HttpGetError && error.status === elsewhere));
  if (found.length === 0) throw refusal(troubles[0] ?? errors[0]);
  const reverse = parameters.get("reverse") === "true";
  const limit = Number(parameters.get("limit") ?? 50);
  const rows = merged(found, reverse);
  return {
    application,
    store,
    rows: rows.slice(0, limit),
    more: rows.length > limit || found.some(({ more }) => more),
    problems: troubles.map((error) => (error instanceof Error ? error.message : String(error))),
  };
};

const merged = (answers: readonly RowsAnswer[], reverse: boolean): readonly StoreRow[] => {
  const rows = answers.flatMap((answer) => answer.rows);
  // One member has them in order, whatever its keys' bytes are.
  if (answers.length === 1) return rows;
  const order = reverse ? -1 : 1;
  return rows.toSorted((a, b) => order * ((a.start ?? 0) - (b.start ?? 0) || compareKeys(a.key, b.key)));
};

const compareKeys = (a: unknown, b: unknown): number =>
  typeof a === "number" && typeof b === "number"
    ? a - b
    : Buffer.compare(Buffer.from(textOf(a)), Buffer.from(textOf(b)));

const textOf = (key: unknown): string => (typeof key === "string" ? key : JSON.stringify(key));

const refusal = (error: unknown): RequestError =>
  error instanceof HttpGetError
    ? new RequestError(error.status === 500 ? 502 : error.status, error.message)
    : new RequestError(502, error instanceof Error ? error.message : String(error));
