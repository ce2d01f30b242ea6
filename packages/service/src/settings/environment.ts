import { brokerList } from "./broker-list.ts";

/** One or more settings can't be used: a line for each, naming the variable, what was read and what is allowed. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** How one variable is read; throws, with what is allowed, on a value that is not. */
type Parse<T> = (text: string) => T;

/**
 * Reads settings from environment variables. An empty variable counts as not set. Problems are gathered: `check`
 * throws them all at once.
 */
export class Environment {
  readonly #variables: Readonly<Record<string, string | undefined>>;
  readonly #problems: string[] = [];

  constructor(variables: Readonly<Record<string, string | undefined>> = process.env) {
    this.#variables = variables;
  }

  string(name: string, fallback: string): string {
    return this.#read(name, fallback, (text) => text);
  }

  required(name: string, what: string): string {
    const value = this.optional(name);
    if (value === undefined) this.#problems.push(`${name} is not set; it must be ${what}`);
    return value ?? "";
  }

  optional(name: string): string | undefined {
    const text = this.#variables[name];
    return text === undefined || text === "" ? undefined : text;
  }

  integer(name: string, fallback: number, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
    return this.#read(name, fallback, wholeNumber(min, max));
  }

  optionalInteger(name: string, min: number, max: number = Number.MAX_SAFE_INTEGER): number | undefined {
    return this.#read<number | undefined>(name, undefined, wholeNumber(min, max));
  }

  /** A number with or without decimals, `min` or more, or above it. */
  optionalDecimal(
    name: string,
    min: number,
    { exclusive = false }: { readonly exclusive?: boolean } = {},
  ): number | undefined {
    return this.#read<number | undefined>(name, undefined, (text) => {
      const value = Number(text);
      if (
        !/^[\d.]+$/.test(text.trim()) ||
        !Number.isFinite(value) ||
        value < min ||
        (exclusive && value === min)
      )
        throw new Error(exclusive ? `a number above ${min}` : `a number of ${min} or more`);
      return value;
    });
  }

  /** `host:port` or `[IPv6 address]:port`. */
  hostAndPort(name: string): string | undefined {
    return this.#read<string | undefined>(name, undefined, (text) => {
      const { brokers, wrong } = brokerList(text);
      const [address, ...others] = brokers;
      if (address === undefined || others.length > 0 || wrong.length > 0)
        throw new Error("host:port, or [IPv6 address]:port");
      return address;
    });
  }

  boolean(name: string, fallback: boolean): boolean {
    return this.oneOf(name, fallback ? "true" : "false", ["true", "false"]) === "true";
  }

  oneOf<Choice extends string>(name: string, fallback: Choice, choices: readonly Choice[]): Choice {
    return this.#read(name, fallback, (text) => {
      const choice = choices.find((candidate) => candidate === text);
      if (choice === undefined) throw new Error(`one of ${choices.join(", ")}`);
      return choice;
    });
  }

  timeZone(name: string, fallback: string): string {
    return this.#read(name, fallback, (text) => {
      try {
        return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
      } catch {
        throw new Error("an IANA time zone such as Europe/Berlin");
      }
    });
  }

  /** URLs of http or https, several separated by commas. What is wrong with one is told without its password. */
  urls(name: string, what: string): readonly string[] {
    const urls = this.required(name, what)
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");
    if (urls.length === 0 && this.optional(name) !== undefined)
      this.#problem(name, this.optional(name) ?? "", what);
    for (const text of urls)
      if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ""))
        this.#problem(name, text.replace(/\/\/.*@/, "//***@"), what);
    return urls;
  }

  /** Addresses of Kafka brokers: `host:port` or `[IPv6 address]:port`, several separated by commas. */
  brokers(name: string): readonly string[] {
    const what = "host:port, several separated by commas";
    const { brokers, wrong } = brokerList(this.required(name, what));
    for (const entry of wrong) this.#problem(name, entry, what);
    return brokers;
  }

  /** The name of a topic, or of what becomes part of such names and is shorter. */
  topic(name: string, fallback: string, maxLength = 249): string {
    return this.#read(name, fallback, topicName(maxLength));
  }

  optionalTopic(name: string): string | undefined {
    return this.#read<string | undefined>(name, undefined, topicName(249));
  }

  /** Notes a problem for variables, by name, that have the same value; undefined is none. */
  distinct(values: Readonly<Record<string, string | undefined>>): void {
    const seen = new Map<string, string>();
    for (const [name, value] of Object.entries(values)) {
      const other = value === undefined ? undefined : seen.get(value);
      if (other !== undefined) this.problem(`${other} and ${name} are both "${value}"; they must differ`);
      else if (value !== undefined) seen.set(value, name);
    }
  }

  /** Throws an EnvironmentError if anything was wrong. */
  check(): void {
    if (this.#problems.length > 0) throw new EnvironmentError(this.#problems);
  }

  /** Notes a problem that only several variables together have. */
  problem(message: string): void {
    this.#problems.push(message);
  }

  #read<T>(name: string, fallback: T, parse: Parse<T>): T {
    const text = this.optional(name);
    if (text === undefined) return fallback;
    try {
      return parse(text);
    } catch (error) {
      this.#problem(name, text, error instanceof Error ? error.message : String(error));
      return fallback;
    }
  }

  #problem(name: string, text: string, allowed: string): void {
    this.#problems.push(`${name} is "${text}"; it must be ${allowed}`);
  }
}

const topicName =
  (maxLength: number): Parse<string> =>
  (text) => {
    if (text.length > maxLength || !/^[\w.-]+$/.test(text) || text === "." || text === "..")
      throw new Error(`of letters, digits, ".", "_" and "-", at most ${maxLength} of them`);
    return text;
  };

const wholeNumber =
  (min: number, max: number): Parse<number> =>
  (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || text.trim() === "" || value < min || value > max)
      throw new Error(
        `a whole number ${max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`}`,
      );
    return value;
  };
