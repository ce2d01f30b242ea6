/** Has Kafka's programs read the settings of their log from the folder that they run in. */
export const logging = "-Dlog4j2.configurationFile=log4j2.xml";

/** What a JVM with these libraries is started with. */
export const javaArguments = (libraries: string, heap: string): readonly string[] => [
  `-Xmx${heap}`,
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  logging,
  "-cp",
  libraries,
];
