import {
  json,
  leftJoin,
  nullable,
  string,
  table,
  to,
  topic,
  type Topology,
  topology,
  toStream,
} from "@millrace/streams";

interface Ticket {
  readonly seat: string;
  readonly event: string;
}

export const tickets = topic("tickets", { key: string(), value: json<Ticket>() });
export const events = topic("events", { key: string(), value: string() });
export const vouchers = topic("vouchers", { key: string(), value: nullable(string()) });

/** Each ticket with the event that it is for, printed anew when either changes: many tickets name one event. */
export const printing = (): Topology =>
  topology(
    "printing",
    table(tickets, { store: "tickets" }).pipe(
      leftJoin(
        table(events, { store: "events" }),
        (ticket) => ticket.event,
        (ticket, event) => `${ticket.seat}, ${event ?? "to be announced"}`,
        { name: "by-event" },
      ),
      toStream(),
      to(vouchers),
    ),
  );
