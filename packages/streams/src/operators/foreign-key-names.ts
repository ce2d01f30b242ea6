/** What a foreign-key join calls its topics, without the application's name, and its store. */
interface ForeignKeyNames {
  readonly subscriptions: string;
  readonly responses: string;
  readonly store: string;
}

const generated = /^KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-(\d{10})$/;

/**
 * The names that Kafka Streams derives from that of the join (`TableJoined.as`). A join that has none there is numbered,
 * and so are its topics and its store, from the one of which the name is given here on.
 */
export const foreignKeyNames = (name: string): ForeignKeyNames => {
  const number = generated.exec(name)?.[1];
  if (number === undefined)
    return {
      subscriptions: `${name}-subscription-registration-topic`,
      responses: `${name}-subscription-response-topic`,
      store: `${name}-subscription-store`,
    };
  const after = (places: number): string => String(Number(number) + places).padStart(10, "0");
  return {
    subscriptions: `${name}-topic`,
    responses: `KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-${after(8)}-topic`,
    store: `KTABLE-FK-JOIN-SUBSCRIPTION-STATE-STORE-${after(4)}`,
  };
};
