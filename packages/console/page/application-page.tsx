import type { ApplicationView } from "../src/protocol/console-state.ts";
import type { GraphView } from "../src/protocol/graph-view.ts";
import { Figures } from "./figures.tsx";
import { ResetPanel } from "./reset-panel.tsx";
import { addressOf, type View, views } from "./route.ts";
import { kindOf } from "./state-dot.tsx";
import { StoresBrowser } from "./stores-browser.tsx";
import { TasksTables } from "./tasks-tables.tsx";
import { TopologyPanel } from "./topology-panel.tsx";

/** What the page of an application shows. */
export interface ApplicationPageProps {
  readonly application: ApplicationView;
  readonly graph: GraphView | undefined;
  readonly view: View;
}

/** One application: how it does, and one of its views. */
export const ApplicationPage = ({ application, graph, view }: ApplicationPageProps) => {
  const { id, state, waitsFor, members } = application;
  const failures = members.flatMap(({ failure, url }) =>
    failure === undefined ? [] : [`${url}: ${failure}`],
  );
  return (
    <>
      <div class="title">
        <h1>{id}</h1>
        <span class={`badge ${kindOf(state, waitsFor.length > 0)}`}>{state}</span>
      </div>
      {state === "unreachable" && (
        <p class="notice bad">None of its processes answers. What is below is as it was seen last.</p>
      )}
      {failures.map((failure) => (
        <p key={failure} class="notice bad">
          {failure}
        </p>
      ))}
      {state !== "unreachable" && waitsFor.length > 0 && (
        <p class="notice warn">It waits: {waitsFor.join("; ")}.</p>
      )}
      <Figures application={application} />
      <nav class="tabs" aria-label={`Views of ${id}`}>
        {views.map((one) => (
          <a
            key={one}
            href={addressOf({ page: "application", id, view: one })}
            aria-current={one === view ? "page" : undefined}
          >
            {names[one]}
          </a>
        ))}
      </nav>
      {view === "topology" && graph !== undefined && (
        <TopologyPanel application={application} graph={graph} />
      )}
      {view === "tasks" && <TasksTables application={application} />}
      {view === "stores" && <StoresBrowser key={id} application={application} />}
      {view === "reset" && <ResetPanel key={id} application={application} />}
    </>
  );
};

const names: Readonly<Record<View, string>> = {
  topology: "Topology",
  tasks: "Tasks and members",
  stores: "Stores",
  reset: "Reset",
};
