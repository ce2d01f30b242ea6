/** Functions that have a context: of one task, to whose stores they belong and for which they forward. */
const bound = new WeakSet<object>();

/**
 * The function that `create` makes with the context of a task. Throws a TypeError where it is none; and, as Kafka Streams asks
 * of its suppliers, where it was made with the context of another. Without a context, one may do for all.
 */
export const madeForTask = <C, F>(definition: { create(context: C): F }, context: C): F => {
  const made = definition.create(context);
  if (typeof made !== "function")
    throw new TypeError(`create() answered ${String(made)}, which is no function to call with each record`);
  if (definition.create.length === 0) return made;
  if (bound.has(made))
    throw new TypeError(
      "create() answered the same function for two tasks: it would forward for one what the other was given; make a new one each time",
    );
  bound.add(made);
  return made;
};
