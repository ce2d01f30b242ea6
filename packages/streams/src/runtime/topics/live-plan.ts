import type { TopicPlan } from "./plan.ts";

/** The plan as it is now, for those that keep it: partitions are added while they work. */
export class LivePlan implements TopicPlan {
  #now: TopicPlan;

  constructor(plan: TopicPlan) {
    this.#now = plan;
  }

  replace(plan: TopicPlan): void {
    this.#now = plan;
  }

  get matched(): TopicPlan["matched"] {
    return this.#now.matched;
  }

  get partitions(): TopicPlan["partitions"] {
    return this.#now.partitions;
  }

  get tasks(): TopicPlan["tasks"] {
    return this.#now.tasks;
  }

  get own(): TopicPlan["own"] {
    return this.#now.own;
  }

  get internal(): TopicPlan["internal"] {
    return this.#now.internal;
  }

  get topicIds(): TopicPlan["topicIds"] {
    return this.#now.topicIds;
  }

  get fresh(): TopicPlan["fresh"] {
    return this.#now.fresh;
  }
}
