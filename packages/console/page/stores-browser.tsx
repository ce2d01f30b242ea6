import { useState } from "preact/hooks";
import type { ApplicationView, StoreView } from "../src/protocol/console-state.ts";
import type { RowsView } from "../src/protocol/rows-view.ts";
import { counted, countText } from "./amounts.ts";
import { ask } from "./ask.ts";
import { RowsTable } from "./rows-table.tsx";
import { type StoreQuery, StoreQueryForm } from "./store-query-form.tsx";

const kinds: Readonly<Record<StoreView["kind"], string>> = {
  keyValue: "by key",
  window: "windows",
  session: "sessions",
  versioned: "versions of each key",
  join: "one side of a join",
};

/** The stores of an application, and rows of the one that is chosen. */
export const StoresBrowser = ({ application }: { readonly application: ApplicationView }) => {
  const { id, stores } = application;
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [answer, setAnswer] = useState<RowsView | string | undefined>(undefined);
  const [asking, setAsking] = useState(false);
  const store = stores.find(({ name }) => name === chosen);
  const look = async (name: string, query: StoreQuery): Promise<void> => {
    setAsking(true);
    try {
      setAnswer(await ask<RowsView>("/api/stores", { application: id, store: name, ...query }));
    } catch (error) {
      setAnswer(error instanceof Error ? error.message : String(error));
    } finally {
      setAsking(false);
    }
  };
  const choose = (of: StoreView): void => {
    setChosen(of.name);
    setAnswer(undefined);
    if (canList(of)) void look(of.name, of.kind === "keyValue" ? {} : { reverse: "true" });
  };
  return (
    <div class="browser">
      <section class="panel">
        <h2>Stores</h2>
        {stores.length === 0 && <p class="muted">This topology keeps no state.</p>}
        <ul class="choices">
          {stores.map((one) => (
            <li key={one.name}>
              <button
                type="button"
                aria-pressed={one.name === chosen}
                disabled={one.kind === "join"}
                onClick={() => choose(one)}
              >
                <span class="mono">{one.name}</span>
                <span class="muted">
                  {kinds[one.kind]} · {counted(one.entries, "row")}
                  {one.toRestore > 0 && ` · ${countText(one.toRestore)} to restore`}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section class="panel">
        {store === undefined ? (
          <p class="muted">Choose a store to see its rows, as its members have committed them.</p>
        ) : (
          <>
            <StoreQueryForm key={store.name} store={store} onAsk={(query) => void look(store.name, query)} />
            <div aria-live="polite" aria-busy={asking}>
              {typeof answer === "string" && <p class="notice bad">{answer}</p>}
              {typeof answer === "object" && <RowsTable answer={answer} kind={store.kind} />}
            </div>
          </>
        )}
      </section>
    </div>
  );
};

/** Versioned stores have no order of their keys. */
const canList = ({ kind }: StoreView): boolean => kind !== "versioned" && kind !== "join";
