import type { DemandHourly } from "@millrace/venue";

const columns: readonly (readonly [title: string, width: number, cell: (demand: DemandHourly) => string])[] =
  [
    ["sub-location", 13, ({ subLocationId }) => subLocationId],
    ["hour (UTC)", 17, ({ hour }) => new Date(hour).toISOString().slice(0, 16)],
    ["bookings", 9, ({ bookingsCount }) => String(bookingsCount)],
    ["attendees", 10, ({ totalAttendees }) => String(totalAttendees)],
    ["utilization", 12, ({ capacityUtilization }) => `${capacityUtilization.toFixed(1)} %`],
    ["pressure", 9, ({ demandPressure }) => demandPressure.toFixed(2)],
    [
      "history",
      9,
      ({ historicalAvgPressure: mean, historySamples: n }) =>
        mean === null ? "-" : `${mean.toFixed(2)}/${n}`,
    ],
    ["delta", 7, ({ pressureDelta }) => pressureDelta?.toFixed(2) ?? "-"],
    ["final", 6, ({ final }) => (final ? "yes" : "open")],
  ];

export const tableHead = (): string => columns.map(([title, width]) => title.padEnd(width)).join(" ");

export const tableRow = (demand: DemandHourly): string =>
  columns.map(([, width, cell]) => cell(demand).padEnd(width)).join(" ");
