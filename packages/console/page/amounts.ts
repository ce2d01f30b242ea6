const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** 12,345 */
export const countText = (count: number): string => whole.format(count);

/** 12.3K */
export const shortCount = (count: number): string =>
  count < 10_000 ? whole.format(count) : short.format(count);

/** Records a second: 0, 0.4, 12, 12.3K */
export const rateText = (rate: number): string => {
  if (rate <= 0) return "0";
  if (rate < 0.1) return "<0.1";
  return rate < 10 ? rate.toFixed(1) : shortCount(rate);
};

/** 0.8 ms, 12 ms, 3.4 s, 5 min, 2 h, 3 d */
export const durationText = (ms: number): string => {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${ms.toFixed(0)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(0)} s`;
  if (ms < 7_200_000) return `${(ms / 60_000).toFixed(0)} min`;
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(0)} h` : `${(ms / 86_400_000).toFixed(0)} d`;
};

const pad = (value: number): string => String(value).padStart(2, "0");

/** 2026-03-02 10:00:05, in UTC as Kafka's people write it. */
export const timeText = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

/** 10:00:05 by the clock of who looks. */
export const clockText = (ms: number): string => {
  const date = new Date(ms);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
};

/** "1 record", "12 records" */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;
