import {
  connect,
  type DescribedNode,
  describedNode,
  describedProcessor,
  type Describing,
  ownStores,
  topicOf,
} from "./described-node.ts";
import { isGeneratedName } from "./generated-name.ts";
import { storesRead } from "./operators/stores-read.ts";
import type { StageNode } from "./stages.ts";

const registration = "KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-";
const processor = "KTABLE-FK-JOIN-SUBSCRIPTION-PROCESSOR-";
const resolver = "KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-RESOLVER-PROCESSOR-";

/** A join by a foreign key, from its last part: all are numbered together, after both tables, in the order of their records. */
export const describeForeignKeyJoin = (resolve: StageNode, describing: Describing): void => {
  const { subscribe, subscriptions, lookUp, responses, left, right } = partsOf(resolve);
  const named = (suffix: string, prefix: string): string => {
    const numbered = describing.number(prefix);
    return isGeneratedName(resolve.name ?? "") ? numbered : `${resolve.name}${suffix}`;
  };
  const sink = (node: StageNode, suffix: string): DescribedNode =>
    describedNode("Sink", named(`${suffix}-sink`, "KTABLE-SINK-"), `(topic: ${topicOf(node)})`);
  const source = (node: StageNode, suffix: string): DescribedNode =>
    describedNode("Source", named(`${suffix}-source`, "KTABLE-SOURCE-"), `(topics: [${topicOf(node)}])`);
  const [kept, rightStores] = [lookUp.stores.slice(0, 1), lookUp.stores.slice(1)];

  // The names of topics and of the store are numbered, too.
  describing.skip();
  const send = describedProcessor(named("-subscription-registration-processor", registration), []);
  const asking = sink(subscriptions, "-subscription-registration");
  const asked = source(subscriptions, "-subscription-registration");
  describing.skip();
  const receive = describedProcessor(named("-subscription-receive", processor), kept);
  const answerOne = describedProcessor(named("-subscription-join-foreign", processor), rightStores);
  const answerAll = describedProcessor(named("-foreign-join-subscription", processor), kept);
  describing.skip();
  const answering = sink(responses, "-subscription-response");
  const answered = source(responses, "-subscription-response");
  const resolving = describedProcessor(named("-subscription-response-resolver", resolver), storesRead(left));
  const result = describedProcessor(named("-result", "KTABLE-FK-JOIN-OUTPUT-"), ownStores(resolve));
  // The store that might have been.
  if (resolve.materialized === undefined) describing.skip();

  connect(describing.tail(left), send);
  connect(send, asking);
  connect(asked, receive);
  connect(receive, answerOne);
  connect(describing.tail(right), answerAll);
  connect(answerOne, answering);
  connect(answerAll, answering);
  connect(answered, resolving);
  connect(resolving, result);
  const { described } = describing;
  described.set(subscribe, { own: [send], before: [] });
  described.set(subscriptions, { own: [asked], before: [asking] });
  described.set(lookUp, { own: [receive, answerOne, answerAll], before: [] });
  described.set(responses, { own: [answered], before: [answering] });
  described.set(resolve, { own: [resolving, result], before: [] });
};

interface Parts {
  readonly subscribe: StageNode;
  readonly subscriptions: StageNode;
  readonly lookUp: StageNode;
  readonly responses: StageNode;
  readonly left: StageNode;
  readonly right: StageNode;
}

const partsOf = (resolve: StageNode): Parts => {
  const [responses] = resolve.parents;
  const lookUp = responses?.parents[0];
  const { subscriptions, right } = lookUp?.inputs ?? {};
  const subscribe = subscriptions?.parents[0];
  const left = subscribe?.parents[0];
  if (!responses || !lookUp || !subscriptions || !right || !subscribe || !left)
    throw new Error(`"${resolve.operator}" by a foreign key lacks one of its parts`);
  return { subscribe, subscriptions, lookUp, responses, left, right };
};
