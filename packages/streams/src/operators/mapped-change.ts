import type { Change } from "../change.ts";

/** A change whose old value is made when somebody asks for it: most do not. */
export class MappedChange<V, V2> implements Change<V2> {
  readonly newValue: V2 | null;
  readonly isLatest: boolean;
  readonly #before: Change<V>;
  readonly #map: (value: V | null) => V2 | null;
  #oldValue: V2 | null | undefined;

  constructor(newValue: V2 | null, before: Change<V>, map: (value: V | null) => V2 | null) {
    this.newValue = newValue;
    this.isLatest = before.isLatest;
    this.#before = before;
    this.#map = map;
  }

  get oldValue(): V2 | null {
    if (this.#oldValue === undefined) this.#oldValue = this.#map(this.#before.oldValue);
    return this.#oldValue;
  }
}
