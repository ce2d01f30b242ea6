export const encodeOffsetMetadata = (
  partitionTime: number,
  processors: ReadonlyMap<string, number>,
): string => JSON.stringify([partitionTime, [...processors]]);
export const decodeOffsetMetadata = (
  text: string,
): { partitionTime: number; processors: Map<string, number> } => {
  if (text === "") return { partitionTime: -1, processors: new Map() };
  const [partitionTime, processors] = JSON.parse(text) as [number, [string, number][]];
  return { partitionTime, processors: new Map(processors) };
};
