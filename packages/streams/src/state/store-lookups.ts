/** How often a store that keeps its rows elsewhere has looked for one: those that were in memory, and those that were not. */
export interface StoreLookups {
  hits: number;
  misses: number;
}
