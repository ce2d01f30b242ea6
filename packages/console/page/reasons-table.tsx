import type { ReasonView } from "../src/protocol/letters-view.ts";
import { counted, countText, timeText } from "./amounts.ts";

/** Letters that are to be replayed. */
export interface Chosen {
  /** "12 letters", for people. */
  readonly what: string;
  readonly one: boolean;
  /** As the console takes it. */
  readonly choice:
    | { readonly by: "place"; readonly places: readonly string[] }
    | { readonly by: "reason"; readonly reason: string };
}

/** What the table shows. */
export interface ReasonsTableProps {
  readonly topic: string;
  readonly reasons: readonly ReasonView[];
  readonly onReplay: (chosen: Chosen) => void;
}

/** Letters by their reasons, the most frequent first. */
export const ReasonsTable = ({ topic, reasons, onReplay }: ReasonsTableProps) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={`Reasons of ${topic}`}>
    <table>
      <thead>
        <tr>
          <th scope="col">Reason</th>
          <th scope="col" class="number">
            Letters
          </th>
          <th scope="col" class="number">
            Replayed
          </th>
          <th scope="col">First (UTC)</th>
          <th scope="col">Last (UTC)</th>
          <th scope="col">
            <span class="unseen">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {reasons.map(({ reason, count, replayed, first, last }) => (
          <tr key={reason}>
            <th scope="row" class="mono">
              {reason}
            </th>
            <td class="number">{countText(count)}</td>
            <td class="number">{countText(replayed)}</td>
            <td class="mono time">{timeText(first)}</td>
            <td class="mono time">{timeText(last)}</td>
            <td class="number">
              <button
                type="button"
                disabled={replayed === count}
                onClick={() =>
                  onReplay({
                    what: `${counted(count - replayed, "letter")} with the reason ${reason}`,
                    one: count - replayed === 1,
                    choice: { by: "reason", reason },
                  })
                }
              >
                Replay {count - replayed === 1 ? "it" : "all"}
                <span class="unseen"> of {reason}</span>
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
