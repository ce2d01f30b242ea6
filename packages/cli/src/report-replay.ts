import {
  counted,
  oneLine,
  placeText,
  type Replay,
  replay,
  type ReplayResult,
  sourceText,
} from "@millrace/operations";

/** Replays and says a line per letter, then the sums. Answers whether every chosen letter is replayed now. */
export const reportReplay = async (
  request: Omit<Replay, "onLetter">,
  print: (lines: readonly string[]) => void,
): Promise<boolean> => {
  const counts: Record<ReplayResult, number> = {
    replayed: 0,
    "was replayed before": 0,
    "can't be replayed": 0,
  };
  await replay({
    ...request,
    onLetter: (letter, result, why) => {
      counts[result]++;
      const said = request.dryRun === true && result === "replayed" ? "would be replayed" : result;
      const target = oneLine(sourceText(letter.source));
      print([`${placeText(letter)}  ${target}  ${said}${why === undefined ? "" : `: ${oneLine(why)}`}`]);
    },
  });
  const replayed = request.dryRun === true ? "would be replayed" : "replayed";
  print([
    `${counts.replayed} ${replayed}, ${counted(counts["was replayed before"], "was", "were")} replayed before, ` +
      `${counts["can't be replayed"]} can't be replayed`,
  ]);
  return counts["can't be replayed"] === 0;
};
