import { deadLetterText, DeadLetterTopic, findDeadLetter, placeText, replay } from "@millrace/operations";
import type { SchemaRegistryOptions } from "@millrace/avro";
import type { LetterTopicView, OpenedLetter, ReplayAnswer } from "../protocol/letters-view.ts";
import { badRequest, notFound } from "../server/request-error.ts";
import type { KafkaLink } from "../kafka/kafka-link.ts";
import { type LetterChoice, operationsChoice } from "./letter-choice.ts";
import { LetterTopic } from "./letter-topic.ts";

/** What the letters are read with. */
export interface LetterBoardOptions {
  readonly kafka: KafkaLink;
  readonly registry: SchemaRegistryOptions | undefined;
  /** Topics to look at beside those that applications tell of, and those that are named as such. */
  readonly topics: readonly string[];
  readonly toldTopics: () => readonly string[];
}

/** The dead letters of the cluster: counted, opened, replayed. */
export class LetterBoard {
  readonly #options: LetterBoardOptions;
  readonly #topics = new Map<string, LetterTopic>();

  constructor(options: LetterBoardOptions) {
    this.#options = options;
  }

  /** How they stand now: reads what has come since. */
  async look(): Promise<readonly LetterTopicView[]> {
    const { kafka } = this.#options;
    if (!kafka.isGiven) return [];
    const names = await kafka.ask(async (transport) => this.#names(await transport.listTopics()));
    if (names === undefined) return [];
    return Promise.all(names.map((name) => this.#topicView(name)));
  }

  /** One letter, decoded as far as it goes. Rejects where there is none. */
  async open(topic: string, place: string): Promise<OpenedLetter> {
    const { kafka, registry } = this.#options;
    const [at] = operationsChoice({ by: "place", places: [place] }).places;
    if (at === undefined) throw badRequest(`"${place}" is no place: PARTITION:OFFSET, such as 0:42`);
    this.#mustKnow(topic);
    return kafka.use(async (transport) => {
      const opened = await DeadLetterTopic.open(transport, topic);
      const letter = await findDeadLetter(opened, at);
      return { topic, place, lines: await deadLetterText(opened, letter, registry) };
    });
  }

  /** Writes letters back to where they came from, each once. */
  async replay(topic: string, choice: LetterChoice): Promise<ReplayAnswer> {
    this.#mustKnow(topic);
    let replayed = 0;
    let replayedBefore = 0;
    const refused: { place: string; why: string }[] = [];
    await this.#options.kafka.use((transport) =>
      replay({
        transport,
        topic,
        choice: operationsChoice(choice).choice,
        onLetter: (letter, result, why = "") => {
          if (result === "replayed") replayed++;
          else if (result === "was replayed before") replayedBefore++;
          else refused.push({ place: placeText(letter), why });
        },
      }),
    );
    return { replayed, replayedBefore, refused };
  }

  async #topicView(name: string): Promise<LetterTopicView> {
    const topic = this.#topics.get(name) ?? new LetterTopic(name);
    this.#topics.set(name, topic);
    try {
      return await this.#options.kafka.use((transport) => topic.look(transport));
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { topic: name, problem, count: 0, replayed: 0, reasons: [], latest: [] };
    }
  }

  #names(existing: readonly string[]): readonly string[] {
    const { topics, toldTopics } = this.#options;
    const told = toldTopics().filter((name) => existing.includes(name));
    const named = existing.filter((name) => /[.-]dead-letters?$/.test(name));
    return [...new Set([...topics, ...told, ...named])].toSorted();
  }

  /** Nothing but dead letters is shown or replayed. */
  #mustKnow(topic: string): void {
    if (!this.#topics.has(topic))
      throw notFound(`"${topic}" is no dead-letter topic that this console knows`);
  }
}
