import { useEffect, useState } from "preact/hooks";
import type { ConsoleEvents } from "../src/protocol/console-event.ts";

/** What the console has told so far. */
export interface Live extends Partial<ConsoleEvents> {
  /** Whether its events come at the moment. */
  readonly connected: boolean;
}

const names = ["state", "graphs", "letters", "venue"] as const;

/** Follows the console's events; the browser connects again by itself. */
export const useLive = (): Live => {
  const [live, setLive] = useState<Live>({ connected: false });
  useEffect(() => {
    const source = new EventSource("/events");
    const add = (part: Partial<Live>): void => setLive((before) => ({ ...before, ...part }));
    source.addEventListener("open", () => add({ connected: true }));
    source.addEventListener("error", () => add({ connected: false }));
    for (const name of names)
      source.addEventListener(name, ({ data }: MessageEvent<string>) =>
        add({ connected: true, [name]: JSON.parse(data) as unknown }),
      );
    return () => source.close();
  }, []);
  return live;
};
