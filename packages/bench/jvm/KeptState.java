import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.LagInfo;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.Stores;

/**
 * The benchmark's latest value of each key on JVM Kafka Streams: one thread, defaults otherwise. Arguments: brokers, input
 * topic, application id, records to count with, "keep", "restore" or "member", where state is ("memory" or a folder for
 * RocksDB), standbys. Prints lines of JSON, the last of which is what was measured.
 */
public final class KeptState {
  private static final int PARTITIONS = 4;

  /** A member that has had its half for this long waits for the other's. */
  private static final long QUIET_NANOS = 1_000_000_000L;

  private static final com.sun.management.OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

  private final AtomicLong seen = new AtomicLong();
  private final AtomicLong restored = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong startedAt = new AtomicLong();
  private final AtomicLong endedAt = new AtomicLong();
  private final AtomicLong cpuAtStart = new AtomicLong();

  private KafkaStreams open(String[] args) {
    boolean inMemory = args[5].equals("memory");
    Properties settings = new Properties();
    settings.put("bootstrap.servers", args[0]);
    settings.put("application.id", args[2]);
    settings.put("processing.guarantee", "exactly_once_v2");
    settings.put("num.stream.threads", "1");
    settings.put("num.standby.replicas", args[6]);
    settings.put("auto.offset.reset", "earliest");
    settings.put("session.timeout.ms", "6000");
    settings.put("heartbeat.interval.ms", "2000");
    // Members share the tasks at once, wherever their state is.
    settings.put("acceptable.recovery.lag", String.valueOf(Long.MAX_VALUE));
    if (!inMemory) settings.put("state.dir", args[5]);
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(args[1], Consumed.with(Serdes.String(), Serdes.ByteArray()))
        .peek(
            (key, value) -> {
              if (seen.getAndIncrement() == 0) begin();
            })
        .groupByKey(Grouped.with(Serdes.String(), Serdes.ByteArray()))
        .reduce(
            (before, value) -> value,
            Materialized.<String, byte[]>as(
                    inMemory ? Stores.inMemoryKeyValueStore("latest") : Stores.persistentKeyValueStore("latest"))
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.ByteArray()));
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    streams.setGlobalStateRestoreListener(
        new StateRestoreListener() {
          @Override
          public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
            if (startedAt.get() == 0) begin();
          }

          @Override
          public void onBatchRestored(TopicPartition partition, String store, long to, long count) {}

          @Override
          public void onRestoreEnd(TopicPartition partition, String store, long count) {
            restored.addAndGet(count);
            endedAt.set(System.nanoTime());
            ended.incrementAndGet();
          }
        });
    streams.setUncaughtExceptionHandler(
        error -> {
          error.printStackTrace();
          Runtime.getRuntime().halt(1);
          return null;
        });
    return streams;
  }

  private void begin() {
    startedAt.set(System.nanoTime());
    cpuAtStart.set(SYSTEM.getProcessCpuTime());
  }

  private static void print(long records, double seconds, double cpuNanos) throws Exception {
    long peakKib =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElse(0);
    System.out.printf(
        java.util.Locale.ROOT,
        "{\"recordsPerSecond\":%d,\"cpuMicrosPerRecord\":%.3f,\"peakRssBytes\":%d,\"seconds\":%.3f}%n",
        Math.round(records / seconds),
        cpuNanos / 1e3 / records,
        peakKib * 1024,
        seconds);
    System.out.flush();
  }

  /** Until it is given a line of input: all is committed then. */
  private void keep(KafkaStreams streams, long records) throws Exception {
    streams.start();
    System.in.read();
    double seconds = (System.nanoTime() - startedAt.get()) / 1e9;
    double cpu = SYSTEM.getProcessCpuTime() - cpuAtStart.get();
    streams.close(Duration.ofSeconds(120));
    print(records, seconds, cpu);
  }

  private void restore(KafkaStreams streams) throws Exception {
    streams.start();
    while (ended.get() < PARTITIONS) Thread.sleep(5);
    double cpu = SYSTEM.getProcessCpuTime() - cpuAtStart.get();
    print(restored.get(), (endedAt.get() - startedAt.get()) / 1e9, cpu);
    streams.close(Duration.ofSeconds(60));
  }

  /** Tells which tasks it has, whenever that changes; and, once it has those of another as well, how long that took. */
  private void member(KafkaStreams streams, long records) throws Exception {
    AtomicLong changedAt = new AtomicLong();
    AtomicLong noticedAt = new AtomicLong();
    AtomicLong noticedCpu = new AtomicLong();
    streams.setStateListener(
        (now, before) -> {
          changedAt.set(System.nanoTime());
          if (now != KafkaStreams.State.REBALANCING || noticedAt.get() != 0) return;
          noticedAt.set(changedAt.get());
          noticedCpu.set(SYSTEM.getProcessCpuTime());
        });
    streams.start();
    String told = "";
    boolean shared = false;
    while (true) {
      Thread.sleep(5);
      if (streams.state() != KafkaStreams.State.RUNNING) continue;
      int active = 0;
      int standby = 0;
      for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
        active += thread.activeTasks().size();
        standby += thread.standbyTasks().size();
      }
      if (active == PARTITIONS && shared) {
        long took = changedAt.get() - noticedAt.get();
        print(records, took / 1e9, SYSTEM.getProcessCpuTime() - noticedCpu.get());
        streams.close(Duration.ofSeconds(60));
        return;
      }
      long lag = 0;
      for (var partitions : streams.allLocalStorePartitionLags().values())
        for (LagInfo info : partitions.values()) lag += info.offsetLag();
      String tasks = String.format("{\"active\":%d,\"standby\":%d,\"lag\":%d}", active, standby, lag);
      if (!tasks.equals(told)) {
        told = tasks;
        System.out.println(tasks);
        System.out.flush();
      }
      shared = active > 0 && active < PARTITIONS;
      if (shared && System.nanoTime() - changedAt.get() > QUIET_NANOS) noticedAt.set(0);
    }
  }

  public static void main(String[] args) throws Exception {
    KeptState program = new KeptState();
    KafkaStreams streams = program.open(args);
    long records = Long.parseLong(args[3]);
    if (args[4].equals("keep")) program.keep(streams, records);
    else if (args[4].equals("restore")) program.restore(streams);
    else program.member(streams, records);
    System.exit(0);
  }
}
