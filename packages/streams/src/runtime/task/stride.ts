/** The clock is looked at about this often, ms: by what records cost, not by their number. */
const shortestMs = 0.25;
const longestMs = 1;
const mostRecords = 512;

/** How many records to process between two looks at the clock. */
export class Stride {
  records = 1;

  /** That many took so long, ms. */
  took(ms: number): void {
    if (ms < shortestMs) this.records = Math.min(mostRecords, this.records * 2);
    else if (ms > longestMs) this.records = Math.max(1, Math.floor((this.records * longestMs) / ms));
  }
}
