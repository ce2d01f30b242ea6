/** A variable, or some of a kind, and what `--help` says of it: what it is, its default in parentheses. */
export type SettingHelp = readonly [variables: string, text: string];

/** Of the variables that `kafkaSettings` reads. */
export const kafkaSettingsHelp: readonly SettingHelp[] = [
  ["KAFKA_BROKERS", "host:port or [IPv6 address]:port, several separated by commas"],
  ["KAFKA_CLIENT_ID", "(the application id)"],
  ["KAFKA_SSL", "true: TLS (false)"],
  ["KAFKA_SSL_CA", "PEM file of the certificates to trust (the system's)"],
  [
    "KAFKA_SSL_CERT, KAFKA_SSL_KEY",
    "PEM files of a client certificate and its key, KAFKA_SSL_KEY_PASSPHRASE",
  ],
  [
    "KAFKA_SASL_MECHANISM",
    "plain, scram-sha-256 or scram-sha-512, with KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD",
  ],
];

/** Of the variables that `registrySettings` reads. */
export const registrySettingsHelp: readonly SettingHelp[] = [
  [
    "SCHEMA_REGISTRY_URL",
    "a Confluent-compatible schema registry; several addresses of it separated by commas",
  ],
  ["SCHEMA_REGISTRY_USERNAME", "with SCHEMA_REGISTRY_PASSWORD: basic authentication (none)"],
  [
    "SCHEMA_REGISTRY_TOKEN, SCHEMA_REGISTRY_TOKEN_FILE",
    "a bearer token, or a file that has it, read before each request (none)",
  ],
  ["SCHEMA_REGISTRY_SSL_CA", "PEM file of the certificates to trust (Node's own)"],
  [
    "SCHEMA_REGISTRY_SSL_CERT, SCHEMA_REGISTRY_SSL_KEY",
    "PEM files of a client certificate and its key, SCHEMA_REGISTRY_SSL_KEY_PASSPHRASE",
  ],
];

/** Of the others that `serviceSettings` reads, but for the application id and its topics. */
export const runSettingsHelp: readonly SettingHelp[] = [
  ["KAFKA_SESSION_TIMEOUT_MS", "(45000)"],
  ["KAFKA_HEARTBEAT_INTERVAL_MS", "at most half of it (a third, at most 3000)"],
  [
    "KAFKA_GROUP_INSTANCE_ID",
    "static membership, a name of each process's own: a restart within the session time-out moves no task (none)",
  ],
  ["PROCESSING_GUARANTEE", "exactly_once or at_least_once (exactly_once)"],
  ["COMMIT_INTERVAL_MS", "(100 under exactly_once, else 30000)"],
  [
    "STATE_DIR",
    "folder in which state outlives the process, one for each application (in memory, restored from Kafka)",
  ],
  [
    "STANDBY_REPLICAS",
    "how many other processes keep each task's state up to date, to take it over in moments; the same for all (0)",
  ],
  [
    "APPLICATION_SERVER",
    "host:port at which the others' programs can ask this process for its stores, if it serves them (none)",
  ],
  ["HTTP_HOST, HTTP_PORT", "/healthz, /readyz, /metrics, /status, /topology, /stores (no endpoint)"],
  [
    "HTTP_STORES",
    "whether the rows of its stores can be read there (true where HTTP_HOST is this machine, else false)",
  ],
  ["LOG_LEVEL", "debug, info, warn, error or silent (info)"],
];

/** Lines for `--help`, in two columns. */
export const settingsHelp = (settings: readonly SettingHelp[]): string =>
  settings
    .map(([variables, text]) =>
      variables.length < 28 ? `  ${variables.padEnd(29)}${text}` : `  ${variables}\n${" ".repeat(31)}${text}`,
    )
    .join("\n");
