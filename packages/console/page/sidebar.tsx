import { countText, rateText, shortCount } from "./amounts.ts";
import type { Live } from "./live.ts";
import { addressOf, type Route } from "./route.ts";
import { StateDot } from "./state-dot.tsx";

/** Applications first, then what belongs to all of them. */
export const Sidebar = ({ live, route }: { readonly live: Live; readonly route: Route }) => {
  const { state, letters = [], venue } = live;
  const applications = state?.applications ?? [];
  const shown =
    route.page === "application" ? route.id : route.page === "start" ? applications[0]?.id : undefined;
  const waiting = letters.reduce((sum, { count, replayed }) => sum + count - replayed, 0);
  const troubles =
    (state?.sources.filter(({ problem }) => problem !== undefined).length ?? 0) +
    (state?.kafka.problem === undefined ? 0 : 1);
  const hasVenue = venue !== undefined && (venue.hours.length > 0 || venue.decisions.length > 0);
  return (
    <nav class="side" aria-label="Pages">
      <p class="group">Applications</p>
      <ul aria-label="Applications">
        {applications.map(({ id, state: how, processed, lag, waitsFor }) => (
          <li key={id}>
            <a
              href={addressOf({ page: "application", id, view: "topology" })}
              aria-current={id === shown ? "page" : undefined}
            >
              <StateDot state={how} waits={waitsFor.length > 0} />
              <span class="name">{id}</span>
              <span class="figures">
                {rateText(processed)}/s{lag > 0 && <span class="warn"> · {shortCount(lag)} behind</span>}
              </span>
            </a>
          </li>
        ))}
        {applications.length === 0 && <li class="muted none">none answers</li>}
      </ul>
      <p class="group">Cluster</p>
      <ul aria-label="Cluster">
        <PageLink page="letters" route={route} name="Dead letters">
          {waiting > 0 && <span class="figures warn">{countText(waiting)}</span>}
        </PageLink>
        {hasVenue && <PageLink page="venue" route={route} name="Venue" />}
        <PageLink page="connections" route={route} name="Connections">
          {troubles > 0 && <span class="figures bad">{troubles} out of reach</span>}
        </PageLink>
      </ul>
    </nav>
  );
};

interface PageLinkProps {
  readonly page: "letters" | "venue" | "connections";
  readonly route: Route;
  readonly name: string;
  readonly children?: preact.ComponentChildren;
}

const PageLink = ({ page, route, name, children }: PageLinkProps) => (
  <li>
    <a href={addressOf({ page })} aria-current={route.page === page ? "page" : undefined}>
      <span class="name">{name}</span>
      {children}
    </a>
  </li>
);
