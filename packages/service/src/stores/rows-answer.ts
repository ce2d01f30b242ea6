import { MillraceError } from "@millrace/streams";
import type { Service } from "../service.ts";
import { jsonText } from "./json-text.ts";
import { storeQuestion } from "./store-question.ts";
import { type StoreRow, storeRows } from "./store-rows.ts";

/** What `/stores/<application>/<store>` answers, as JSON. */
export interface RowsAnswer {
  readonly application: string;
  readonly store: string;
  /** Wall clock of the process, ms since the epoch. */
  readonly at: number;
  readonly rows: readonly StoreRow[];
  /** There are others behind them. */
  readonly more: boolean;
}

/** An answer ends when it has become so long, characters. */
const longEnough = 2_000_000;

/**
 * The rows that are asked for, as JSON text. Reads no further than it must: it takes a turn of the application's event
 * loop. Throws a MillraceError that says why it can't be.
 */
export const rowsAnswer = (
  service: Service | undefined,
  [application, store]: readonly [application: string, store: string],
  parameters: URLSearchParams,
): string => {
  const served = service?.applications.find(({ app }) => app.applicationId === application);
  if (served === undefined)
    throw new MillraceError(
      service === undefined ? "it starts" : `no application "${application}" runs in this process`,
      { code: service === undefined ? "STORE_NOT_OPEN" : "APPLICATION_UNKNOWN" },
    );
  const question = storeQuestion(parameters);
  const rows: string[] = [];
  let length = 0;
  let more = false;
  for (const row of storeRows(served.app, store, question)) {
    if (rows.length === question.limit || length > longEnough) {
      more = true;
      break;
    }
    const text = jsonText(row);
    rows.push(text);
    length += text.length;
  }
  const head = JSON.stringify({ application, store, at: Date.now(), more });
  return `${head.slice(0, -1)},"rows":[${rows.join(",")}]}\n`;
};
