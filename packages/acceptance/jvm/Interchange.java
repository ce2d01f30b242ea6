import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Aggregator;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Initializer;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Reducer;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TableJoined;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.ValueJoiner;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * One half of the interchange test: the topologies of interchange-topologies.ts on JVM Kafka Streams, as they are written
 * there. Arguments: brokers, state folder, prefix of the input topics, then `APPLICATION_ID=TOPOLOGY,...` for each
 * application. Says "running" when all are, and stops them all, leaving their groups, when its input ends.
 */
public final class Interchange {
  private static final Serde<String> TEXT = Serdes.String();
  private static final Serde<Long> LONG = Serdes.Long();
  private static final Consumed<String, String> CONSUMED = Consumed.with(TEXT, TEXT);
  private static final Produced<String, String> TEXTS = Produced.with(TEXT, TEXT);
  private static final Produced<String, Long> LONGS = Produced.with(TEXT, LONG);
  private static final Grouped<String, String> GROUPED = Grouped.with(TEXT, TEXT);
  private static final ValueJoiner<String, String, String> BOTH = (left, right) -> left + "/" + right;
  private static final Initializer<String> ZERO = () -> "0";
  private static final Aggregator<String, String, String> ADD = (key, value, sum) -> tail(sum + "+" + value);
  private static final Aggregator<String, String, String> SUBTRACT = (key, value, sum) -> tail(sum + "-" + value);
  private static final Aggregator<String, String, String> ADD_OR_DELETE =
      (key, value, sum) -> value.startsWith("a") ? null : tail(sum + "+" + value);
  private static final Reducer<String> LATEST = (sum, value) -> tail(sum + "," + value);

  private static String tail(String text) {
    return text.length() > 24 ? text.substring(text.length() - 24) : text;
  }

  private static String foreignKey(String value) {
    return "k" + (value.charAt(value.length() - 1) - '0') % 6;
  }

  private static Duration ms(long ms) {
    return Duration.ofMillis(ms);
  }

  private static final class Inputs {
    final StreamsBuilder builder;
    final String prefix;
    private KStream<String, String> a;
    private KStream<String, String> b;
    private KStream<String, String> c;

    Inputs(StreamsBuilder builder, String prefix) {
      this.builder = builder;
      this.prefix = prefix;
    }

    /** A topic is read once in a topology. */
    KStream<String, String> a() {
      if (a == null) a = builder.stream(prefix + "-a", CONSUMED);
      return a;
    }

    KStream<String, String> b() {
      if (b == null) b = builder.stream(prefix + "-b", CONSUMED);
      return b;
    }

    KStream<String, String> c() {
      if (c == null) c = builder.stream(prefix + "-c", CONSUMED);
      return c;
    }

    KGroupedStream<String, String> groups() {
      return a().groupByKey(GROUPED);
    }

    KTable<String, String> table(String store) {
      return rows(a()).toTable(kept(store));
    }

    KTable<String, String> otherTable(String store) {
      return rows(b()).toTable(kept(store));
    }

    /** Rows come and go. */
    static KStream<String, String> rows(KStream<String, String> stream) {
      return stream.mapValues(value -> value.startsWith("d") ? null : value);
    }
  }

  private static Materialized<String, String, KeyValueStore<Bytes, byte[]>> kept(String store) {
    return Materialized.<String, String, KeyValueStore<Bytes, byte[]>>as(store).withKeySerde(TEXT).withValueSerde(TEXT);
  }

  private static Materialized<String, Long, KeyValueStore<Bytes, byte[]>> counts(String store) {
    return Materialized.as(store);
  }

  private static Materialized<String, Long, WindowStore<Bytes, byte[]>> windowCounts(String store, long retention) {
    return Materialized.<String, Long, WindowStore<Bytes, byte[]>>as(store).withRetention(ms(retention));
  }

  private static Materialized<String, String, WindowStore<Bytes, byte[]>> windowTexts(String store, long retention) {
    return Materialized.<String, String, WindowStore<Bytes, byte[]>>as(store)
        .withKeySerde(TEXT)
        .withValueSerde(TEXT)
        .withRetention(ms(retention));
  }

  private static Materialized<String, String, SessionStore<Bytes, byte[]>> sessionTexts(String store, long retention) {
    return Materialized.<String, String, SessionStore<Bytes, byte[]>>as(store)
        .withKeySerde(TEXT)
        .withValueSerde(TEXT)
        .withRetention(ms(retention));
  }

  private static <V> Produced<org.apache.kafka.streams.kstream.Windowed<String>, V> windows(long size, Serde<V> value) {
    return Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, size), value);
  }

  private static <V> Produced<org.apache.kafka.streams.kstream.Windowed<String>, V> sessions(Serde<V> value) {
    return Produced.with(WindowedSerdes.sessionWindowedSerdeFrom(String.class), value);
  }

  private static StreamJoined<String, String, String> streamJoined(String name) {
    return StreamJoined.with(TEXT, TEXT, TEXT).withName(name).withStoreName(name);
  }

  /** Forwards how often each key came. */
  private static final class Counter extends ContextualProcessor<String, String, String, Long> {
    private KeyValueStore<String, Long> seen;

    @Override
    public void init(ProcessorContext<String, Long> context) {
      super.init(context);
      seen = context.getStateStore("seen");
    }

    @Override
    public void process(Record<String, String> record) {
      Long before = seen.get(record.key());
      long times = before == null ? 1 : before + 1;
      seen.put(record.key(), times);
      context().forward(record.withValue(times));
    }
  }

  private static void add(String name, Inputs in, String out) {
    TimeWindows tumbling = TimeWindows.ofSizeAndGrace(ms(50), ms(20));
    TimeWindows hopping = TimeWindows.ofSizeAndGrace(ms(60), ms(20)).advanceBy(ms(30));
    SessionWindows sessions = SessionWindows.ofInactivityGapAndGrace(ms(8), ms(20));
    SlidingWindows sliding = SlidingWindows.ofTimeDifferenceAndGrace(ms(20), ms(20));
    JoinWindows joined = JoinWindows.ofTimeDifferenceAndGrace(ms(10), ms(20));
    switch (name) {
      case "count" -> in.groups().count(counts("counts")).toStream().to(out, LONGS);
      case "reduce" -> in.groups().reduce(LATEST, kept("reduced")).toStream().to(out, TEXTS);
      case "aggregate" ->
          in.groups().aggregate(ZERO, ADD_OR_DELETE, kept("aggregated")).toStream().to(out, TEXTS);
      case "cogroup" ->
          in.groups()
              .cogroup(ADD)
              .cogroup(in.b().groupByKey(GROUPED), SUBTRACT)
              .aggregate(ZERO, kept("cogrouped"))
              .toStream()
              .to(out, TEXTS);
      case "tumbling" ->
          in.groups().windowedBy(tumbling).count(windowCounts("tumbling", 200)).toStream().to(out, windows(50, LONG));
      case "tumbling-finals" ->
          in.groups()
              .windowedBy(tumbling)
              .emitStrategy(EmitStrategy.onWindowClose())
              .aggregate(ZERO, ADD, windowTexts("tumbling-finals", 10_000))
              .toStream()
              .to(out, windows(50, TEXT));
      case "hopping" ->
          in.groups().windowedBy(hopping).reduce(LATEST, windowTexts("hopping", 200)).toStream().to(out, windows(60, TEXT));
      case "hopping-finals" ->
          in.groups()
              .windowedBy(hopping)
              .emitStrategy(EmitStrategy.onWindowClose())
              .count(windowCounts("hopping-finals", 10_000))
              .toStream()
              .to(out, windows(60, LONG));
      case "sliding" ->
          in.groups().windowedBy(sliding).count(windowCounts("sliding", 200)).toStream().to(out, windows(20, LONG));
      case "sliding-finals" ->
          in.groups()
              .windowedBy(sliding)
              .emitStrategy(EmitStrategy.onWindowClose())
              .aggregate(ZERO, ADD, windowTexts("sliding-finals", 10_000))
              .toStream()
              .to(out, windows(20, TEXT));
      case "sessions" ->
          in.groups()
              .windowedBy(sessions)
              .reduce(LATEST, sessionTexts("sessions", 200))
              .toStream()
              .to(out, sessions(TEXT));
      case "session-finals" ->
          in.groups()
              .windowedBy(sessions)
              .emitStrategy(EmitStrategy.onWindowClose())
              .aggregate(ZERO, ADD, (key, one, other) -> tail(one + "|" + other), sessionTexts("session-finals", 10_000))
              .toStream()
              .to(out, sessions(TEXT));
      case "suppress-windows" ->
          in.groups()
              .windowedBy(tumbling)
              .count(windowCounts("suppressed-windows", 200))
              .suppress(
                  Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()).withName("closed-windows"))
              .toStream()
              .to(out, windows(50, LONG));
      case "suppress-table" ->
          in.table("suppressed-rows")
              .suppress(Suppressed.untilTimeLimit(ms(40), Suppressed.BufferConfig.maxRecords(4)).withName("held-rows"))
              .toStream()
              .to(out, TEXTS);
      case "stream-stream" -> in.a().join(in.b(), BOTH, joined, streamJoined("ss")).to(out, TEXTS);
      case "stream-stream-left" -> in.a().leftJoin(in.b(), BOTH, joined, streamJoined("ss-left")).to(out, TEXTS);
      case "stream-stream-outer" -> in.a().outerJoin(in.b(), BOTH, joined, streamJoined("ss-outer")).to(out, TEXTS);
      case "stream-table" ->
          in.a().join(in.otherTable("st"), BOTH, Joined.with(TEXT, TEXT, TEXT)).to(out, TEXTS);
      case "stream-table-left" ->
          in.a().leftJoin(in.otherTable("st-left"), BOTH, Joined.with(TEXT, TEXT, TEXT)).to(out, TEXTS);
      case "stream-table-versioned" ->
          in.a()
              .join(
                  Inputs.rows(in.b()).toTable(Materialized.as(Stores.persistentVersionedKeyValueStore("st-versions", ms(5_000)))),
                  BOTH,
                  Joined.with(TEXT, TEXT, TEXT, "waiting", ms(30)))
              .to(out, TEXTS);
      case "table-table" -> in.table("tt-left").join(in.otherTable("tt-right"), BOTH).toStream().to(out, TEXTS);
      case "table-table-outer" ->
          in.table("tto-left")
              .outerJoin(in.otherTable("tto-right"), BOTH, kept("tto-joined"))
              .toStream()
              .to(out, TEXTS);
      case "foreign-key" ->
          in.table("fk-left")
              .join(in.otherTable("fk-right"), Interchange::foreignKey, BOTH, TableJoined.as("fk"), kept("fk-joined"))
              .toStream()
              .to(out, TEXTS);
      case "foreign-key-left" ->
          in.table("fkl-left")
              .leftJoin(in.otherTable("fkl-right"), Interchange::foreignKey, BOTH, TableJoined.as("fkl"), kept("fkl-joined"))
              .toStream()
              .to(out, TEXTS);
      case "table-operators" ->
          in.builder.table(in.prefix + "-t", CONSUMED, kept("operated"))
              .filter((key, value) -> !value.startsWith("b"), kept("filtered"))
              .mapValues((key, value) -> key + ":" + value, kept("mapped"))
              .toStream()
              .to(out, TEXTS);
      case "versioned-count" ->
          Inputs.rows(in.c())
              .toTable(
                  Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore("versions", ms(5_000)))
                      .withKeySerde(TEXT)
                      .withValueSerde(TEXT))
              .groupBy((key, value) -> KeyValue.pair(value.substring(0, 1), value), Grouped.with("by-version", TEXT, TEXT))
              .count(counts("version-counts"))
              .toStream()
              .to(out, LONGS);
      case "processor" ->
          in.a().process(Counter::new, "seen").to(out, LONGS);
      case "grouped" ->
          in.c()
              .groupBy((key, value) -> value.substring(0, 1), Grouped.with("by-first", TEXT, TEXT))
              .aggregate(ZERO, ADD, kept("firsts"))
              .toStream()
              .to(out, TEXTS);
      case "again" ->
          in.c()
              .selectKey((key, value) -> value.substring(0, 1))
              .repartition(Repartitioned.with(TEXT, TEXT).withName("again").withNumberOfPartitions(2))
              .groupByKey(GROUPED)
              .count(counts("again-counts"))
              .toStream()
              .to(out, LONGS);
      case "grouped-table" ->
          Inputs.rows(in.c())
              .toTable(kept("grouped-rows"))
              .groupBy((key, value) -> KeyValue.pair(value.substring(0, 1), value), Grouped.with("by-row", TEXT, TEXT))
              .aggregate(ZERO, ADD, SUBTRACT, kept("row-groups"))
              .toStream()
              .to(out, TEXTS);
      case "rekeyed-table" ->
          in.c()
              .selectKey((key, value) -> value.substring(0, 1))
              .toTable(Named.as("by-value"), kept("value-rows"))
              .toStream()
              .to(out, TEXTS);
      default -> throw new IllegalArgumentException(name);
    }
  }

  private static Topology topology(String applicationId, String inputs, String names) {
    StreamsBuilder builder = new StreamsBuilder();
    List<String> all = Arrays.asList(names.split(","));
    if (all.contains("processor"))
      builder.addStateStore(
          Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("seen"), TEXT, LONG).withCachingEnabled());
    Inputs in = new Inputs(builder, inputs);
    for (String name : all) add(name, in, applicationId + "-" + name);
    return builder.build();
  }

  public static void main(String[] args) throws Exception {
    List<KafkaStreams> running = new ArrayList<>();
    for (String application : Arrays.asList(args).subList(3, args.length)) {
      String[] parts = application.split("=");
      Properties settings = new Properties();
      settings.put("bootstrap.servers", args[0]);
      settings.put("application.id", parts[0]);
      settings.put("state.dir", args[1] + "/" + parts[0]);
      settings.put("processing.guarantee", "exactly_once_v2");
      settings.put("num.stream.threads", "1");
      settings.put("auto.offset.reset", "earliest");
      settings.put("default.key.serde", Serdes.StringSerde.class);
      settings.put("default.value.serde", Serdes.StringSerde.class);
      // Each record makes its outputs, so that those of both engines can be compared one by one.
      settings.put("statestore.cache.max.bytes", "0");
      settings.put("__emit.interval.ms.kstreams.windowed.aggregation__", "0");
      settings.put("__emit.interval.ms.kstreams.outer.join.spurious.results.fix__", "0");
      settings.put("commit.interval.ms", "500");
      // Records of one part come to both sides of a join a little apart, and are taken in the order of their times.
      settings.put("max.task.idle.ms", "1000");
      // What a killed one leaves behind is waited for.
      settings.put("session.timeout.ms", "10000");
      settings.put("heartbeat.interval.ms", "1000");
      settings.put("transaction.timeout.ms", "15000");
      KafkaStreams streams = new KafkaStreams(topology(parts[0], args[2], parts[1]), settings);
      streams.setUncaughtExceptionHandler(
          error -> {
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
            return null;
          });
      running.add(streams);
    }
    running.forEach(KafkaStreams::start);
    System.out.println("running");
    while (System.in.read() >= 0) {}
    var leave = CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
    running.parallelStream().forEach(streams -> streams.close(leave.withTimeout(Duration.ofSeconds(30))));
    System.exit(0);
  }
}
