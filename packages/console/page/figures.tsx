import type { ComponentChildren } from "preact";
import type { ApplicationView } from "../src/protocol/console-state.ts";
import { counted, countText, durationText, rateText, shortCount } from "./amounts.ts";
import { Sparkline } from "./sparkline.tsx";

/** The figures of an application at a glance. */
export const Figures = ({ application }: { readonly application: ApplicationView }) => {
  const { processed, lag, recent, endToEndMs, commitMs, lastCommitMs, losses, tasks, members } = application;
  const dead = sum(losses.deadLettered);
  const dropped = sum(losses.dropped);
  const active = tasks.filter(({ state }) => state === "active").length;
  return (
    <dl class="figures-row">
      <Figure name="Records per second" curve={recent.processed}>
        {rateText(processed)}
      </Figure>
      <Figure name="Records behind" curve={recent.lag} kind={lag > 0 ? "warn" : undefined}>
        {shortCount(lag)}
      </Figure>
      <Figure name="Age at the end" note="mean, last minute">
        {endToEndMs === undefined ? "–" : durationText(endToEndMs)}
      </Figure>
      <Figure
        name="Commit takes"
        note={lastCommitMs === undefined ? "none yet" : `last ${durationText(lastCommitMs)} ago`}
      >
        {commitMs === undefined ? "–" : durationText(commitMs)}
      </Figure>
      <Figure
        name="Dead letters"
        note={`${countText(losses.late)} late, ${countText(dropped)} left out`}
        kind={dead > 0 ? "warn" : undefined}
      >
        {shortCount(dead)}
      </Figure>
      <Figure name="Tasks at work" note={`in ${counted(members.length, "process", "processes")}`}>
        {active} <small>of {tasks.length}</small>
      </Figure>
    </dl>
  );
};

interface FigureProps {
  readonly name: string;
  readonly curve?: readonly number[];
  readonly note?: string;
  readonly kind?: "warn" | undefined;
  readonly children: ComponentChildren;
}

const Figure = ({ name, curve, note, kind, children }: FigureProps) => (
  <div>
    <dt>{name}</dt>
    <dd class={kind}>
      <strong>{children}</strong>
      {curve !== undefined && <Sparkline values={curve} />}
      {note !== undefined && <span class="muted">{note}</span>}
    </dd>
  </div>
);

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0);
