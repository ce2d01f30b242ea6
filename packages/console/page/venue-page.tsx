import { useState } from "preact/hooks";
import type { VenueView } from "../src/protocol/venue-view.ts";
import { DecisionPanel } from "./decision-panel.tsx";
import { type VenueCell, type VenueRow, venueGrid } from "../src/venue/venue-grid.ts";

const columns = 12;

/** The venue's hours and multipliers, and what led to each. */
export const VenuePage = ({ venue }: { readonly venue: VenueView | undefined }) => {
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  if (venue === undefined) return <p class="muted">Reading the hours …</p>;
  const { hours, rows } = venueGrid(venue, columns);
  const all = rows.flatMap((row) => row.cells.map((cell) => ({ row, cell })));
  const shown =
    all.find(({ row, cell }) => keyOf(row, cell) === chosen) ??
    all.toSorted((a, b) => farFromOne(b.cell) - farFromOne(a.cell))[0];
  return (
    <>
      <div class="title">
        <h1>Venue</h1>
        <span class="muted">demand by the hour, and the multiplier drafted for the next</span>
      </div>
      {venue.problem !== undefined && <p class="notice bad">{venue.problem}</p>}
      {rows.length === 0 ? (
        <p class="muted">
          No hour is known: neither of {venue.topic ?? "the demand topic"}, nor of a decision.
        </p>
      ) : (
        <div class="columns">
          <section class="panel scroll wide" tabIndex={0} aria-label="Hours and multipliers">
            <table class="hours">
              <thead>
                <tr>
                  <th scope="col">UTC</th>
                  {hours.map((hour, index) => (
                    <th key={hour} scope="col">
                      {dayOf(hour) !== dayOf(hours[index - 1]) && <span class="day">{dayOf(hour)}</span>}
                      {new Date(hour).toISOString().slice(11, 16)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={`${row.level} ${row.entityId}`}>
                    <th scope="row">
                      {row.entityId}
                      {row.level === "LOCATION" && <span class="muted"> location</span>}
                    </th>
                    {row.cells.map((cell) => (
                      <td key={cell.hour}>
                        <Cell
                          row={row}
                          cell={cell}
                          chosen={shown?.row === row && shown.cell === cell}
                          onChoose={() => setChosen(keyOf(row, cell))}
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
            <p class="legend muted">
              Bookings in the hour, and the multiplier that they led to. <i class="scale low" /> below 1{" "}
              <i class="scale high" /> above 1. An hour in italics is still open.
            </p>
          </section>
          {shown !== undefined && <DecisionPanel row={shown.row} cell={shown.cell} />}
        </div>
      )}
    </>
  );
};

const keyOf = ({ level, entityId }: VenueRow, { hour }: VenueCell): string => `${level} ${entityId} ${hour}`;

/** How much of a decision it was: what is shown first is worth a look. */
const farFromOne = ({ decisions }: VenueCell): number =>
  Math.abs(Math.log(decisions[0]?.inputs?.multiplier ?? 1));

const dayOf = (hour: number | undefined): string =>
  hour === undefined ? "" : new Date(hour).toISOString().slice(5, 10);

interface CellProps {
  readonly row: VenueRow;
  readonly cell: VenueCell;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

const Cell = ({ row, cell: { demand, decisions }, chosen, onChoose }: CellProps) => {
  const [decision] = decisions;
  const multiplier = decision?.inputs?.multiplier;
  const bookings = demand?.bookings ?? decision?.inputs?.demand;
  if (bookings === undefined && decision === undefined) return <span class="muted none">·</span>;
  return (
    <button
      type="button"
      class={`cell ${shadeOf(multiplier)}${demand?.final === false ? " open" : ""}`}
      aria-pressed={chosen}
      aria-label={`${row.entityId}: ${bookings ?? "no"} bookings, ${
        multiplier === undefined ? (decision?.reason ?? "no draft") : `multiplier ${multiplier.toFixed(2)}`
      }`}
      onClick={onChoose}
    >
      <b>{multiplier === undefined ? "–" : `×${multiplier.toFixed(2)}`}</b>
      <span>{bookings ?? ""}</span>
    </button>
  );
};

/** Seven shades from far below 1 to far above it. */
const shadeOf = (multiplier: number | undefined): string => {
  if (multiplier === undefined) return "shade-none";
  const step = Math.max(-3, Math.min(3, Math.round((multiplier - 1) / 0.25)));
  return step < 0 ? `low-${-step}` : step > 0 ? `high-${step}` : "shade-even";
};
