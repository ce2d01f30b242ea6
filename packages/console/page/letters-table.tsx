import { useState } from "preact/hooks";
import type { LetterView } from "../src/protocol/letters-view.ts";
import { counted, timeText } from "./amounts.ts";
import { OpenLetter } from "./open-letter.tsx";
import type { Chosen } from "./reasons-table.tsx";

/** What the table shows. */
export interface LettersTableProps {
  readonly topic: string;
  readonly letters: readonly LetterView[];
  /** Of all that there are. */
  readonly count: number;
  readonly onReplay: (chosen: Chosen) => void;
}

/** The latest letters, to be opened and chosen. */
export const LettersTable = ({ topic, letters, count, onReplay }: LettersTableProps) => {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<string | undefined>(undefined);
  const toggle = (place: string): void => {
    const next = new Set(chosen);
    if (!next.delete(place)) next.add(place);
    setChosen(next);
  };
  // A letter that has left the list can't be meant any more.
  const places = letters.map(({ place }) => place).filter((place) => chosen.has(place));
  return (
    <>
      <div class="bar">
        <h3>{letters.length < count ? `The latest ${letters.length}` : "Letters"}</h3>
        <button
          type="button"
          disabled={places.length === 0}
          onClick={() =>
            onReplay({
              what: counted(places.length, "letter"),
              one: places.length === 1,
              choice: { by: "place", places },
            })
          }
        >
          Replay {places.length === 0 ? "chosen letters" : counted(places.length, "letter")}
        </button>
      </div>
      <div class="scroll rows" tabIndex={0} role="region" aria-label={`Letters of ${topic}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">Choose</span>
              </th>
              <th scope="col">At</th>
              <th scope="col">Since (UTC)</th>
              <th scope="col">Reason</th>
              <th scope="col">Came from</th>
              <th scope="col">Key</th>
              <th scope="col">Message</th>
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => (
              <Letter
                key={letter.place}
                topic={topic}
                letter={letter}
                chosen={chosen.has(letter.place)}
                opened={opened === letter.place}
                onChoose={() => toggle(letter.place)}
                onOpen={() => setOpened(opened === letter.place ? undefined : letter.place)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
};

interface LetterProps {
  readonly topic: string;
  readonly letter: LetterView;
  readonly chosen: boolean;
  readonly opened: boolean;
  readonly onChoose: () => void;
  readonly onOpen: () => void;
}

const Letter = ({ topic, letter, chosen, opened, onChoose, onOpen }: LetterProps) => {
  const { place, at, reason, source, key, message, replayed } = letter;
  return (
    <>
      <tr class={replayed ? "done" : undefined}>
        <td>
          <input
            type="checkbox"
            aria-label={`Choose ${place}`}
            checked={chosen}
            disabled={replayed}
            onChange={onChoose}
          />
        </td>
        <th scope="row">
          <button type="button" class="link mono" aria-expanded={opened} onClick={onOpen}>
            {place}
          </button>
        </th>
        <td class="mono time">{timeText(at)}</td>
        <td class="mono">
          {reason}
          {replayed && <span class="muted"> replayed</span>}
        </td>
        <td class="mono">{source}</td>
        <td class="mono">{key}</td>
        <td class="message">{message}</td>
      </tr>
      {opened && (
        <tr>
          <td colSpan={7} class="opened">
            <OpenLetter topic={topic} place={place} />
          </td>
        </tr>
      )}
    </>
  );
};
