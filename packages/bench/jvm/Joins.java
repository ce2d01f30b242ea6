import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.ValueJoiner;
import org.apache.kafka.streams.kstream.WindowedSerdes;

/**
 * The benchmark's joins and sessions on JVM Kafka Streams: RocksDB, one thread, defaults otherwise. Arguments: workload,
 * brokers, application id, left and right input topic, output topic, window in ms, guarantee, how many records there are,
 * state folder. Measures from its first record until it is given a line of input, and prints one line of JSON.
 */
public final class Joins {
  private static final Serde<String> TEXT = Serdes.String();

  private static Topology topology(
      String workload, String left, String right, String output, Duration window, Serde<String> value) {
    StreamsBuilder builder = new StreamsBuilder();
    Consumed<String, String> consumed = Consumed.with(TEXT, value);
    Produced<String, String> produced = Produced.with(TEXT, TEXT);
    ValueJoiner<String, String, String> both = (l, r) -> l + "|" + r;
    switch (workload) {
      case "stream-table" ->
          builder.stream(left, consumed)
              .join(builder.table(right, consumed, Materialized.as("right")), both, Joined.with(TEXT, TEXT, TEXT))
              .to(output, produced);
      case "stream-stream" ->
          builder.stream(left, consumed)
              .join(
                  builder.stream(right, consumed),
                  both,
                  JoinWindows.ofTimeDifferenceAndGrace(window, window),
                  StreamJoined.with(TEXT, TEXT, TEXT).withName("pairs").withStoreName("pairs"))
              .to(output, produced);
      case "table-table" ->
          builder.table(left, consumed, Materialized.as("left"))
              .join(builder.table(right, consumed, Materialized.as("right")), both)
              .toStream()
              .to(output, produced);
      case "sessions" ->
          builder.stream(left, consumed)
              .groupByKey(Grouped.with(TEXT, TEXT))
              .windowedBy(SessionWindows.ofInactivityGapAndGrace(window, window))
              .count(Materialized.as("sessions"))
              .toStream()
              .to(output, Produced.with(WindowedSerdes.sessionWindowedSerdeFrom(String.class), Serdes.Long()));
      default -> throw new IllegalArgumentException(workload);
    }
    return builder.build();
  }

  public static void main(String[] args) throws Exception {
    long records = Long.parseLong(args[8]);
    Properties settings = new Properties();
    settings.put("bootstrap.servers", args[1]);
    settings.put("application.id", args[2]);
    settings.put("processing.guarantee", args[7].equals("exactly_once") ? "exactly_once_v2" : args[7]);
    settings.put("state.dir", args[9]);
    settings.put("num.stream.threads", "1");
    settings.put("auto.offset.reset", "earliest");

    var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    AtomicBoolean seen = new AtomicBoolean();
    long[] first = new long[2];
    Deserializer<String> plain = new StringDeserializer();
    Deserializer<String> watched =
        (topic, bytes) -> {
          if (!seen.get() && seen.compareAndSet(false, true)) {
            first[0] = System.nanoTime();
            first[1] = system.getProcessCpuTime();
          }
          return plain.deserialize(topic, bytes);
        };
    Topology topology =
        topology(
            args[0],
            args[3],
            args[4],
            args[5],
            Duration.ofMillis(Long.parseLong(args[6])),
            Serdes.serdeFrom(new StringSerializer(), watched));

    KafkaStreams streams = new KafkaStreams(topology, settings);
    streams.setUncaughtExceptionHandler(
        error -> {
          error.printStackTrace();
          Runtime.getRuntime().halt(1);
          return null;
        });
    streams.start();
    System.in.read();
    double seconds = (System.nanoTime() - first[0]) / 1e9;
    double cpuMicros = (system.getProcessCpuTime() - first[1]) / 1e3;
    streams.close(Duration.ofSeconds(60));
    long peakKib =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElse(0);
    System.out.printf(
        "{\"recordsPerSecond\":%d,\"cpuMicrosPerRecord\":%s,\"peakRssBytes\":%d}%n",
        Math.round(records / seconds), String.format(java.util.Locale.ROOT, "%.3f", cpuMicros / records), peakKib * 1024);
    System.exit(0);
  }
}
