/** Of which sides of a join of streams a record without a match makes a result, too. */
export interface OuterSides {
  readonly left: boolean;
  readonly right: boolean;
}
