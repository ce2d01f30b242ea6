import { fetchingContract } from "./transport-contract/fetching.ts";
import { groupContract } from "./transport-contract/groups.ts";
import { producingContract } from "./transport-contract/producing.ts";
import { topicContract } from "./transport-contract/topics.ts";
import { transactionContract } from "./transport-contract/transactions.ts";
import { unkindnessContract } from "./transport-contract/unkindness.ts";
import type { Cluster, RegisterTest } from "./transport-contract/workbench.ts";

export type { Cluster, RegisterTest };

/**
 * Registers the tests that every Transport must pass, each with a transport of its own to the same cluster. They need
 * nothing but a `test` function, as of vitest or `node:test`; `makeTransport` answers a connected transport.
 *
 * @example
 * transportContract("kafka", async () => { ... }, (name, body) => test(name, { timeout: 60_000 }, body));
 */
export const transportContract = (
  name: string,
  makeTransport: () => Promise<Cluster>,
  test: RegisterTest,
): void => {
  for (const part of [
    topicContract,
    producingContract,
    fetchingContract,
    transactionContract,
    groupContract,
    unkindnessContract,
  ])
    part(makeTransport, (behaviour, body) => test(`${name} ${behaviour}`, body));
};
