import type { Member } from "../member/member.ts";
import type { Observed } from "../metrics/observed.ts";
import type { App } from "./app.ts";

/** What the gauges of an application read; before it runs, and after, there is no member. */
export const observedApp = (
  app: Pick<App, "state" | "tasks">,
  member: () => Member | undefined,
): Observed => ({
  get state() {
    return app.state;
  },
  get taskIds() {
    return app.tasks;
  },
  get tasks() {
    return member()?.view.tasks ?? [];
  },
  get restores() {
    return member()?.view.restores ?? [];
  },
  get followed() {
    return member()?.view.followed ?? [];
  },
  get uncommittedBytes() {
    return member()?.view.uncommittedBytes ?? 0;
  },
});
