import type { ServerResponse } from "node:http";
import type { Feed } from "../collector/feed.ts";

/** A viewer that is further behind, bytes, is sent away: it connects again, and is told everything as it is then. */
const mostWaiting = 4 << 20;
const beatMs = 15_000;

/** Sends events to one viewer until it leaves (server-sent events). */
export const streamEvents = (feed: Feed, response: ServerResponse): void => {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  response.write("retry: 2000\n\n");
  const leave = feed.watch((name, json) => {
    if (response.writableLength > mostWaiting) response.destroy();
    else response.write(`event: ${name}\ndata: ${json}\n\n`);
  });
  // Proxies take a silent connection for a dead one.
  const beat = setInterval(() => response.write(": still here\n\n"), beatMs);
  response.once("close", () => {
    clearInterval(beat);
    leave();
  });
};
