import { murmur2 } from "../../transport/murmur2.ts";

// "~" begins no name of a store. A JVM that takes the application over commits the marks of all its partitions with
// each of them: that of a source has its topic's name in it, so that they stay apart.

export const changelogMark = "~changelogs";

export const sourceMark = (topic: string): string => `~${(murmur2(Buffer.from(topic)) >>> 0).toString(36)}`;
