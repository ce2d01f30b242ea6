import { useEffect } from "preact/hooks";
import { ApplicationPage } from "./application-page.tsx";
import { clockText } from "./amounts.ts";
import { ConnectionsPage } from "./connections-page.tsx";
import { LettersPage } from "./letters-page.tsx";
import { type Live, useLive } from "./live.ts";
import { addressOf, type Route, useRoute } from "./route.ts";
import { Sidebar } from "./sidebar.tsx";
import { VenuePage } from "./venue-page.tsx";

/** The whole page. */
export const App = () => {
  const live = useLive();
  const route = useRoute();
  const title = titleOf(route);
  useEffect(() => {
    document.title = `${title} · Millrace console`;
  }, [title]);
  return (
    <>
      <a class="skip" href="#main" onClick={toMain}>
        To the content
      </a>
      <header class="top">
        <a class="wordmark" href={addressOf({ page: "start" })}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M1 5c2.3-2 4.7-2 7 0s4.7 2 7 0M1 11c2.3-2 4.7-2 7 0s4.7 2 7 0" />
          </svg>
          <span>Millrace</span> <span class="muted">console</span>
        </a>
        <p class="liveness" role="status">
          <span class={live.connected ? "dot good" : "dot bad"} aria-hidden="true" />
          {live.connected ? "live" : "the console does not answer; trying again"}
          {live.state !== undefined && (
            <time class="muted" aria-hidden="true">
              {clockText(live.state.at)}
            </time>
          )}
        </p>
      </header>
      <div class="frame">
        <Sidebar live={live} route={route} />
        <main id="main" tabIndex={-1}>
          <Page live={live} route={route} />
        </main>
      </div>
    </>
  );
};

const toMain = (event: Event): void => {
  event.preventDefault();
  document.getElementById("main")?.focus();
};

const titleOf = (route: Route): string =>
  route.page === "application"
    ? `${route.id}: ${route.view}`
    : { letters: "Dead letters", venue: "Venue", connections: "Connections", start: "Applications" }[
        route.page
      ];

const Page = ({ live, route }: { readonly live: Live; readonly route: Route }) => {
  const { state, graphs = [], letters = [], venue } = live;
  if (state === undefined) return <p class="muted">Asking the applications …</p>;
  if (route.page === "letters") return <LettersPage topics={letters} kafka={state.kafka} />;
  if (route.page === "venue") return <VenuePage venue={venue} />;
  if (route.page === "connections") return <ConnectionsPage state={state} />;
  const id = route.page === "application" ? route.id : state.applications[0]?.id;
  const application = state.applications.find((one) => one.id === id);
  if (application === undefined) return <ConnectionsPage state={state} missing={id} />;
  return (
    <ApplicationPage
      application={application}
      graph={graphs.find((graph) => graph.application === application.id)}
      view={route.page === "application" ? route.view : "topology"}
    />
  );
};
