/** What is started where nothing else is asked for. */
export const newestKafka = "4.4.0";

/** Those that Millrace is tested with: the oldest that it speaks to, the last that can do without KRaft, the newest. */
export const testedKafkas: readonly string[] = ["2.8.2", "3.9.1", newestKafka];

/** The version that `MILLRACE_KAFKA` asks for, or the newest. On the JVM only. */
export const wantedKafka = (environment: NodeJS.ProcessEnv = process.env): string => {
  const asked = environment["MILLRACE_KAFKA"];
  if (asked === undefined || asked === "") return newestKafka;
  if (!/^\d+\.\d+\.\d+$/.test(asked))
    throw new Error(`MILLRACE_KAFKA is "${asked}"; it must be a version of Kafka, e.g. ${newestKafka}`);
  return asked;
};

/** KRaft is a preview in 2.8: nobody runs it without ZooKeeper. */
export const needsZookeeper = (version: string): boolean => version.startsWith("2.");
