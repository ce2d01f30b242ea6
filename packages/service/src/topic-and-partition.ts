/** What `topic-partition` names; topics may have hyphens of their own. */
export const topicAndPartition = (name: string): { readonly topic: string; readonly partition: number } => {
  const at = name.lastIndexOf("-");
  return { topic: name.slice(0, at), partition: Number(name.slice(at + 1)) };
};
