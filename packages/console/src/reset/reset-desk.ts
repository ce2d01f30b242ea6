import { zonedTime } from "@millrace/service/settings";
import { planReset, reset, type ResetPlan, type ResetTarget } from "@millrace/operations";
import type { KafkaLink } from "../kafka/kafka-link.ts";
import type { ResetView } from "../protocol/reset-view.ts";
import { badRequest, notFound } from "../server/request-error.ts";

/** Plans resets of applications that the console knows, and carries them out. */
export class ResetDesk {
  readonly #kafka: KafkaLink;
  readonly #isKnown: (application: string) => boolean;

  constructor(kafka: KafkaLink, isKnown: (application: string) => boolean) {
    this.#kafka = kafka;
    this.#isKnown = isKnown;
  }

  /** What a reset would do; changes nothing. */
  async plan(application: string, to: string): Promise<ResetView> {
    return resetView(await this.#plan(application, to));
  }

  /** Has the application begin again. Rejects with `MEMBERS_LIVE` while it runs, and changes nothing then. */
  async reset(application: string, to: string): Promise<ResetView> {
    const plan = await this.#plan(application, to);
    await this.#kafka.use((transport) => reset(transport, plan));
    return resetView(plan);
  }

  #plan(application: string, to: string): Promise<ResetPlan> {
    if (!this.#isKnown(application))
      throw notFound(`"${application}" is no application that this console knows`);
    const target = targetOf(to);
    return this.#kafka.use((transport) => planReset({ transport, application, to: target }));
  }
}

const targetOf = (text: string): ResetTarget => {
  if (text === "earliest" || text === "latest") return text;
  const time = zonedTime(text);
  if (time === undefined)
    throw badRequest(`"${text}" must be earliest, latest, or a time such as 2026-03-02T10:00:00Z`);
  return time;
};

const resetView = ({ application, offsets, internal }: ResetPlan): ResetView => ({
  application,
  offsets: offsets.map(({ topic, partition, committed, target }) => ({
    topic,
    partition,
    committed,
    target,
  })),
  internal,
});
