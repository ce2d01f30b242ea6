/**
 * Names as a `java.util.HashSet` of them is walked: `Topology.describe()` lists stores so. Names whose hashes meet stand as
 * they came.
 */
export const inJavaOrder = (names: readonly string[]): readonly string[] => {
  const distinct = [...new Set(names)];
  let buckets = 16;
  while (distinct.length > buckets * 0.75) buckets *= 2;
  return distinct.toSorted((a, b) => bucketOf(a, buckets) - bucketOf(b, buckets));
};

const bucketOf = (name: string, buckets: number): number => {
  let hash = 0;
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 31) + name.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 16)) & (buckets - 1);
};
