/** Durations are plain milliseconds; these say which unit was meant. */
export const milliseconds = (n: number): number => n;
/** So many seconds, in ms. */
export const seconds = (n: number): number => n * 1000;
/** So many minutes, in ms. */
export const minutes = (n: number): number => n * 60_000;
/** So many hours, in ms. */
export const hours = (n: number): number => n * 3_600_000;
/** So many days of 24 hours, in ms. */
export const days = (n: number): number => n * 86_400_000;
