/** One line of the table of drafts. */
export interface DraftLine {
  readonly entityId: string;
  /** ms since the epoch. */
  readonly effectiveFrom: number;
  readonly pressure: number;
  readonly usualPressure: number;
  readonly multiplier: number;
}

const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);

export const draftsTable = (lines: readonly DraftLine[]): string =>
  [
    "for           from (UTC)        pressure  usual    multiplier",
    ...lines
      .toSorted((a, b) => a.effectiveFrom - b.effectiveFrom || (a.entityId < b.entityId ? -1 : 1))
      .map(
        ({ entityId, effectiveFrom, pressure, usualPressure, multiplier }) =>
          `${entityId.padEnd(13)} ${iso(effectiveFrom)}  ${pressure.toFixed(2).padEnd(9)} ` +
          `${usualPressure.toFixed(2).padEnd(8)} ${multiplier.toFixed(4)}`,
      ),
  ].join("\n");
