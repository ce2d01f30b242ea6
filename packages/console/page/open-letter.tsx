import { useEffect, useState } from "preact/hooks";
import type { OpenedLetter } from "../src/protocol/letters-view.ts";
import { ask } from "./ask.ts";

/** One letter, decoded as far as it goes. */
export const OpenLetter = ({ topic, place }: { readonly topic: string; readonly place: string }) => {
  const [lines, setLines] = useState<readonly string[]>(["Reading it …"]);
  useEffect(() => {
    let shown = true;
    const show = (next: readonly string[]): void => {
      if (shown) setLines(next);
    };
    ask<OpenedLetter>("/api/letter", { topic, at: place }).then(
      (opened) => show(opened.lines),
      (error: unknown) => show([error instanceof Error ? error.message : String(error)]),
    );
    return () => {
      shown = false;
    };
  }, [topic, place]);
  return (
    <pre tabIndex={0} role="region" aria-label={`Letter ${place}`} aria-live="polite">
      {lines.join("\n")}
    </pre>
  );
};
