/** What a predicate lets through: what its type guard says, if it is one. */
export type Guarded<Predicate, K, V> = Predicate extends ((
  value: V,
  key: K,
  record: never,
) => value is infer Kept extends V)
  ? Kept
  : V;

/** What a predicate takes out: the others, if it is a type guard. */
export type Unguarded<Predicate, K, V> = Predicate extends ((
  value: V,
  key: K,
  record: never,
) => value is infer Kept extends V)
  ? Exclude<V, Kept>
  : V;
