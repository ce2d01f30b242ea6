import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { type Disturbance, gravity } from "./disturbance.ts";
import { within } from "../../within.ts";

/** After this long a line says what a member waits for, ms. */
const patienceMs = 10_000;

/** A waiting was ended by something graver. */
export class Disturbed extends Error {
  override readonly name = "Disturbed";
}

/** What a member waits for, one thing at a time, and what may come between. */
export class Waiting {
  readonly #clock: Clock;
  readonly #log: Log;
  /** The gravest of what happened and was not taken yet. */
  #pending: Disturbance | undefined;
  #listener: ((by: Disturbance) => void) | undefined;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  disturb(by: Disturbance): void {
    if (this.#pending === undefined || gravity.indexOf(by.type) > gravity.indexOf(this.#pending.type))
      this.#pending = by;
    this.#listener?.(by);
  }

  take(): Disturbance | undefined {
    const by = this.#pending;
    this.#pending = undefined;
    return by;
  }

  /** Forgets what has happened, where that is of these kinds. */
  forget(...types: readonly Disturbance["type"][]): void {
    if (this.#pending !== undefined && types.includes(this.#pending.type)) this.#pending = undefined;
  }

  /** Resolves when something has happened. */
  called(): Promise<void> {
    return this.#until((resolve) => () => resolve());
  }

  /** Resolves after a while, or when more has happened than that somebody wants a join. */
  async pause(ms: number): Promise<void> {
    let timer: unknown;
    await this.#until((resolve) => {
      timer = this.#clock.setTimeout(resolve, ms);
      return ({ type }) => type !== "rebalance" && resolve();
    });
    this.#clock.clearTimeout(timer);
  }

  /** Resolves with `promised`, or when the member leaves. */
  async unlessLeaving(promised: Promise<void>): Promise<void> {
    await this.#until((resolve, reject) => {
      promised.then(resolve, reject);
      return ({ type }) => type === "leave" && resolve();
    });
  }

  /** The answer to a join or sync; rejects when more has happened than that somebody wants another, or after `ms`. */
  async answer<T>(asked: Promise<T>, ms: number, what: string, late: (answer: T) => void): Promise<T> {
    let waiting = true;
    asked.then(
      (answer) => waiting || late(answer),
      () => undefined,
    );
    const impatient = this.#clock.setTimeout(
      () =>
        this.#log(
          "info",
          `has waited ${patienceMs / 1_000} s for ${what}, and does so for up to ${ms / 1_000} s`,
        ),
      patienceMs,
    );
    try {
      return await within(
        this.#clock,
        new Promise<T>((resolve, reject) => {
          asked.then(resolve, reject);
          void this.#until((end) => ({ type }) => {
            if (type === "rebalance") return;
            reject(new Disturbed(type));
            end();
          });
        }),
        ms,
        what,
      );
    } finally {
      waiting = false;
      this.#listener = undefined;
      this.#clock.clearTimeout(impatient);
    }
  }

  /** Resolves as the body says; what is pending is told at once. */
  async #until(
    body: (resolve: () => void, reject: (error: unknown) => void) => (by: Disturbance) => unknown,
  ): Promise<void> {
    let mine: ((by: Disturbance) => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        mine = body(resolve, reject);
        this.#listener = mine;
        if (this.#pending !== undefined) mine(this.#pending);
      });
    } finally {
      if (this.#listener === mine) this.#listener = undefined;
    }
  }
}
