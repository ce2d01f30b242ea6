/** All dead letters of one reason in a topic, together. Times in ms since the epoch. */
export interface ReasonView {
  readonly reason: string;
  readonly count: number;
  readonly replayed: number;
  readonly first: number;
  readonly last: number;
}

/** A dead letter in a list. */
export interface LetterView {
  /** `partition:offset` */
  readonly place: string;
  readonly reason: string;
  readonly message: string;
  /** ms since the epoch */
  readonly at: number;
  /** Where it came from, for people. */
  readonly source: string;
  readonly key: string;
  readonly replayed: boolean;
}

/** A dead-letter topic as it was read last. */
export interface LetterTopicView {
  readonly topic: string;
  /** Why it can't be read; undefined where it was. */
  readonly problem: string | undefined;
  readonly count: number;
  readonly replayed: number;
  readonly reasons: readonly ReasonView[];
  /** The latest, the newest first. */
  readonly latest: readonly LetterView[];
}

/** One letter, taken apart. */
export interface OpenedLetter {
  readonly topic: string;
  readonly place: string;
  /** Lines for people: what failed, where it came from, the record decoded as far as it goes, its bytes. */
  readonly lines: readonly string[];
}

/** What came of a replay. */
export interface ReplayAnswer {
  readonly replayed: number;
  readonly replayedBefore: number;
  /** Letters that could not go back, and why. */
  readonly refused: readonly { readonly place: string; readonly why: string }[];
}
