/** A time in ISO format; one that no date has as its number of ms, as Kafka keeps whatever a producer took for a time. */
export const timeText = (timestamp: number): string => {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? String(timestamp) : date.toISOString();
};
