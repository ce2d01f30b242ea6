import type { StoreView } from "../src/protocol/console-state.ts";
import type { RowsView, RowView } from "../src/protocol/rows-view.ts";
import { counted, timeText } from "./amounts.ts";

/** Fields of a value that stand in columns of their own, where all rows have the same few. */
const mostColumns = 9;

/** What the table shows. */
export interface RowsTableProps {
  readonly answer: RowsView;
  readonly kind: StoreView["kind"];
}

/** Rows of a store; flat values field by field, others as JSON. */
export const RowsTable = ({ answer: { store, rows, more, problems }, kind }: RowsTableProps) => {
  const fields = fieldsOf(rows);
  const timed = kind !== "keyValue";
  const ended = kind === "session" || kind === "versioned";
  return (
    <>
      {problems.map((problem) => (
        <p key={problem} class="notice warn">
          Not all members could be asked: {problem}
        </p>
      ))}
      <p class="muted count" role="status">
        {rows.length === 0
          ? "No such rows."
          : `${counted(rows.length, "row")}${more ? ", and there are more" : ""}`}
      </p>
      {rows.length > 0 && (
        <div class="scroll rows" tabIndex={0} role="region" aria-label={`Rows of ${store}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Key</th>
                {timed && <th scope="col">{kind === "versioned" ? "Valid from" : "Start"}</th>}
                {ended && <th scope="col">{kind === "versioned" ? "Until" : "End"}</th>}
                {fields === undefined ? (
                  <th scope="col">Value</th>
                ) : (
                  fields.map((field) => (
                    <th key={field} scope="col">
                      {field}
                    </th>
                  ))
                )}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={index}>
                  <th scope="row" class="mono">
                    {cellText(row.key)}
                  </th>
                  {timed && <td class="mono time">{row.start === undefined ? "" : timeText(row.start)}</td>}
                  {ended && <td class="mono time">{row.end === undefined ? "" : endText(row.end)}</td>}
                  {fields === undefined ? (
                    <td class="mono json">{cellText(row.value)}</td>
                  ) : (
                    fields.map((field) => (
                      <td key={field} class="mono">
                        {cellText(recordOf(row.value)?.[field])}
                      </td>
                    ))
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
};

const recordOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

const fieldsOf = (rows: readonly RowView[]): readonly string[] | undefined => {
  const fields = new Set<string>();
  for (const { value } of rows) {
    const record = recordOf(value);
    if (record === undefined) return undefined;
    for (const [name, inner] of Object.entries(record)) {
      if (typeof inner === "object" && inner !== null) return undefined;
      fields.add(name);
    }
    if (fields.size > mostColumns) return undefined;
  }
  return fields.size === 0 ? undefined : [...fields];
};

/** Text as it stands, unless it has what can't be seen: then in quotes, as the form takes it, too. */
const cellText = (value: unknown): string => {
  if (value === undefined) return "";
  return typeof value === "string" && !/[\p{Cc}\p{Cf}]/u.test(value) ? value : JSON.stringify(value);
};

/** Infinite ones came as text. */
const endText = (end: unknown): string => (typeof end === "number" ? timeText(end) : "now");
