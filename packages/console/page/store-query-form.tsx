import { useState } from "preact/hooks";
import type { StoreView } from "../src/protocol/console-state.ts";

/** Parameters of `/stores/<application>/<store>`. */
export type StoreQuery = Readonly<Record<string, string>>;

/** What the form asks for. */
export interface StoreQueryFormProps {
  readonly store: StoreView;
  readonly onAsk: (query: StoreQuery) => void;
}

const ways = {
  all: "all rows",
  key: "key is",
  prefix: "keys that begin with",
  range: "keys from … to",
} as const;
type Way = keyof typeof ways;

/** Asks for rows by key, prefix, range or time. */
export const StoreQueryForm = ({ store: { name, kind }, onAsk }: StoreQueryFormProps) => {
  const byKey = kind === "keyValue";
  const [way, setWay] = useState<Way>("all");
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement) onAsk(queryOf(new FormData(event.currentTarget)));
  };
  return (
    <form class="query" onSubmit={submit}>
      <h2 class="mono">{name}</h2>
      <div class="fields">
        {byKey ? (
          <>
            <label>
              Show
              <select value={way} onChange={({ currentTarget }) => setWay(currentTarget.value as Way)}>
                {Object.entries(ways).map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </select>
            </label>
            {way === "key" && <TextField name="key" label="Key" hint="as text, or as JSON" />}
            {way === "prefix" && <TextField name="prefix" label="Beginning" hint="text, or bytes as 0x…" />}
            {way === "range" && (
              <>
                <TextField name="from" label="From" hint="inclusive; empty: the first" />
                <TextField name="to" label="To" hint="inclusive; empty: the last" />
              </>
            )}
          </>
        ) : (
          <>
            <TextField
              name="key"
              label="Key"
              hint={kind === "versioned" ? "as text, or as JSON" : "empty: all keys"}
            />
            <TextField name="after" label="From" hint="2026-03-02T10:00Z" />
            <TextField name="before" label="To" hint="inclusive" />
          </>
        )}
        <label>
          At most
          <select name="limit">
            {["50", "200", "1000"].map((limit) => (
              <option key={limit} value={limit}>
                {limit} rows
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" name="reverse" defaultChecked={!byKey} />
          the last first
        </label>
        <label
          class="check"
          title="Also what has been processed since the last commit, and a crash would take back"
        >
          <input type="checkbox" name="uncommitted" />
          uncommitted too
        </label>
        <button type="submit" class="primary">
          Look
        </button>
      </div>
    </form>
  );
};

interface TextFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
}

const TextField = ({ name, label, hint }: TextFieldProps) => (
  <label>
    {label}
    <input class="mono" name={name} placeholder={hint} autoComplete="off" spellcheck={false} />
  </label>
);

const queryOf = (form: FormData): StoreQuery =>
  Object.fromEntries(
    [...form].flatMap(([name, value]) => {
      if (typeof value !== "string" || value === "") return [];
      return [[name, value === "on" ? "true" : value]];
    }),
  );
