import type { ComponentChildren } from "preact";
import { timeText } from "./amounts.ts";
import type { Decided, DecidedInputs } from "../src/venue/decided.ts";
import type { VenueCell, VenueRow } from "../src/venue/venue-grid.ts";

/** What the panel is about. */
export interface DecisionPanelProps {
  readonly row: VenueRow;
  readonly cell: VenueCell;
}

/** Why an hour has the multiplier that it has. */
export const DecisionPanel = ({ row, cell: { hour, demand, decisions } }: DecisionPanelProps) => (
  <section class="panel aside-panel" aria-live="polite">
    <h2>
      {row.entityId} <span class="muted">{timeText(hour).slice(0, 16)} UTC</span>
    </h2>
    {demand !== undefined && (
      <dl class="facts">
        <Fact name="Bookings">{demand.bookings}</Fact>
        <Fact name="Attendees">
          {demand.attendees} of {demand.capacity === 0 ? "an unknown capacity" : demand.capacity}
        </Fact>
        <Fact name="Pressure">{demand.pressure.toFixed(2)}</Fact>
        <Fact name="Usually">
          {demand.usualPressure === undefined
            ? "no history yet"
            : `${demand.usualPressure.toFixed(2)}, mean of ${demand.historySamples} hours`}
        </Fact>
        <Fact name="State">{demand.final ? "final" : "open: it may be revised"}</Fact>
      </dl>
    )}
    {decisions.length === 0 && (
      <p class="muted">
        No decision is known. The surge application tells those that it made since it started; those before
        are in its log.
      </p>
    )}
    {decisions.map((decision) => (
      <Decision key={`${decision.configId} ${decision.outcome}`} decision={decision} />
    ))}
  </section>
);

const Decision = ({ decision }: { readonly decision: Decided }) => {
  const { configId, effectiveFrom, dryRun, inputs, reason, message, at } = decision;
  return (
    <article class="decision">
      <h3>
        {inputs === undefined ? "No draft" : `Draft ×${inputs.multiplier.toFixed(4)}`}{" "}
        <span class="muted">
          from {timeText(effectiveFrom).slice(11, 16)}, by {configId}
        </span>
      </h3>
      {inputs === undefined ? (
        <p>
          <span class="mono">{reason}</span>: {message.split(`${reason}, `)[1] ?? message}
        </p>
      ) : (
        <Formula inputs={inputs} />
      )}
      <p class="muted">
        Decided {timeText(at)}
        {dryRun && ", in a dry run: nothing was written"}
      </p>
    </article>
  );
};

const Formula = ({ inputs }: { readonly inputs: DecidedInputs }) => {
  const { alpha, pressure, historicalAvgPressure, factor, minMultiplier, maxMultiplier, multiplier } = inputs;
  const unbounded = 1 + alpha * Math.log(pressure / historicalAvgPressure);
  const clamped = Math.abs(unbounded - factor) > 1e-9;
  return (
    <>
      <p class="formula mono">
        1 + {alpha} × ln({short(pressure)} ÷ {short(historicalAvgPressure)}) = {short(unbounded)}
      </p>
      <dl class="facts">
        <Fact name="Demand">
          {inputs.demand} bookings, capacity {inputs.capacity}
        </Fact>
        <Fact name="Usual pressure">
          {short(historicalAvgPressure)},{" "}
          {inputs.baselineSource === "history"
            ? `mean of ${inputs.historySamples} hours`
            : "the operator's own baseline"}
        </Fact>
        <Fact name="Bounds">
          {minMultiplier} to {maxMultiplier}
          {clamped && `: ${short(factor)}`}
        </Fact>
        {inputs.adjustments.length > 0 && (
          <Fact name="Smoothed">
            {inputs.adjustments.join(", ")}: {short(multiplier)}
          </Fact>
        )}
        <Fact name="Supply">{inputs.supply}, set by hand, not in the formula</Fact>
      </dl>
    </>
  );
};

const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const short = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(5))) : "−∞";
