/**
 * How a component came to be there: given by its environment variable, in Docker, on Python from PyPI, on the JVM from
 * Maven, or not really.
 */
export type Rung = "given" | "docker" | "python" | "jvm" | "simulated";

/** A running component. */
export interface Component {
  readonly name: "kafka" | "registry" | "mongo";
  readonly rung: Rung;
  /**
   * `host:port` of Kafka, the URL of a registry, the connection string of MongoDB; "" for a Kafka that the caller has
   * to simulate, and for a MongoDB that there is none of.
   */
  readonly address: string;
  /** For a person: what it is, and why higher rungs were passed over. */
  readonly detail: string;
  /** Process id, where it is a process that was started here. */
  readonly pid?: number | undefined;
  /** Ends it and removes its data; once is enough, twice does no harm. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Told what is going on, a line at a time. */
  readonly onProgress?: (line: string) => void;
}
