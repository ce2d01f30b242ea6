import java.time.Duration;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
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
    Measured measured = new Measured();
    Deserializer<String> plain = new StringDeserializer();
    Deserializer<String> watched =
        (topic, bytes) -> {
          measured.record();
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
    measured.run(topology, Measured.settings(args[1], args[2], args[7], args[9]), Long.parseLong(args[8]));
  }
}
