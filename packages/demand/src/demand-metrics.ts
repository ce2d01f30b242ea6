import type { ServiceMetric } from "@millrace/service";
import type { DemandCounters } from "./counters.ts";

/** What the demand topology counts, for the metrics of its service. */
export const demandMetrics = (counters: DemandCounters): readonly ServiceMetric[] => [
  {
    name: "duplicate_records_total",
    help: "Repeated events that changed nothing",
    kind: "counter",
    values: [[{}, counters.duplicates]],
  },
  {
    name: "unknown_capacity_total",
    help: "Demand records without a known capacity",
    kind: "counter",
    values: [[{}, counters.unknownCapacity]],
  },
  {
    name: "demand_records_total",
    help: "Demand records sent, by whether they are final; those sent again after a failure count again",
    kind: "counter",
    values: [
      [{ final: "true" }, counters.finals],
      [{ final: "false" }, counters.revisions],
    ],
  },
  {
    name: "demand_bookings_total",
    help: "Bookings in final hours",
    kind: "counter",
    values: [[{}, counters.bookings]],
  },
  {
    name: "demand_attendees_total",
    help: "Attendees in final hours",
    kind: "counter",
    values: [[{}, counters.attendees]],
  },
  {
    name: "demand_pressure",
    help: "Demand pressure of final hours of known capacity, bookings per 100 of capacity",
    kind: "histogram",
    values: [[{}, counters.pressure.value]],
  },
];
