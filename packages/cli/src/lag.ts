import { counted, type GroupOffset, textTable } from "@millrace/operations";

/** How far an application is behind, a line for each partition and one for all. */
export const lagText = (group: string, offsets: readonly GroupOffset[]): readonly string[] => {
  if (offsets.length === 0) return [`"${group}" has committed nothing`];
  const total = offsets.reduce((sum, { lag }) => sum + lag, 0);
  return [
    ...textTable([
      ["TOPIC", "PARTITION", "COMMITTED", "END", "LAG"],
      ...offsets.map(({ topic, partition, committed, end, lag }) => [topic, partition, committed, end, lag]),
    ]),
    "",
    `${counted(total, "record")} behind in ${counted(offsets.length, "partition")}`,
  ];
};

/** The same for machines, a line for each partition. */
export const lagJson = (offsets: readonly GroupOffset[]): readonly string[] =>
  offsets.map((offset) => JSON.stringify(offset));
