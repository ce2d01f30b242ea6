import { runService } from "@millrace/service";
import { counts, lines, wordCount } from "../word-count/word-count.ts";

runService(wordCount, {
  version: "1.0.0",
  description: "Counts the words of word-count-lines into word-count-counts.",
  topics: [lines, counts].map(({ name }) => ({ name, partitions: 4 })),
});
