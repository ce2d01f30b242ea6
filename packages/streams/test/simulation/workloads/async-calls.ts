import { mapAsync, stream, string, to, topic, topology } from "../../../src/index.ts";
import { addTo, below, times } from "../input.ts";
import type { Workload } from "../workload.ts";

const questions = topic("questions", { key: string(), value: string() });
const answers = topic("answers", { key: string(), value: string() });

/** Calls to the outside, some of which take long: in order per key, each once. */
export const workload: Workload = {
  name: "async-calls",
  topics: { questions: 4, answers: 4 },
  stores: [],
  topology: (clock) =>
    topology(
      "async-calls",
      stream(questions).pipe(
        mapAsync(
          async (question) => {
            const chance = clock.random();
            if (chance < 0.5)
              await new Promise<void>(
                (resolve) => void clock.setTimeout(resolve, chance < 0.02 ? 4_000 : 1 + clock.random() * 60),
              );
            return `answer to ${question}`;
          },
          { concurrency: 6, value: string() },
        ),
        to(answers),
      ),
    ),
  input: (random, from) => {
    let sent = 0;
    return times(6, () =>
      times(5 + below(random, 25), () => ({
        topic: questions,
        key: `q${below(random, 8)}`,
        value: String(sent),
        timestamp: from + sent++ * 10,
      })),
    );
  },
  expected: (input) => {
    const byKey = new Map<string, string[]>();
    for (const { key, value } of input) addTo(byKey, String(key), `answer to ${String(value)}`);
    return [{ topic: answers, how: "all", values: byKey }];
  },
};
