/**
 * How often a store that keeps its rows elsewhere has looked for one: those that were in memory, and those that were looked for
 * there. What was known to be in neither place counts for neither, so that rows which come anew are no hits.
 */
export interface StoreLookups {
  hits: number;
  misses: number;
}
