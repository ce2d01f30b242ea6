/** How long the faults of a schedule go on, ms. */
export const faultsMs = 12_000;
