import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;

/** What the benchmark's programs on JVM Kafka Streams have in common: their settings, and how they are measured. */
final class Measured {
  private final com.sun.management.OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
  private final AtomicBoolean begun = new AtomicBoolean();
  private long firstNanos;
  private long firstCpuNanos;

  /** One thread, defaults otherwise. */
  static Properties settings(String brokers, String applicationId, String guarantee, String stateFolder) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", brokers);
    settings.put("application.id", applicationId);
    settings.put("processing.guarantee", guarantee.equals("exactly_once") ? "exactly_once_v2" : guarantee);
    settings.put("state.dir", stateFolder);
    settings.put("num.stream.threads", "1");
    settings.put("auto.offset.reset", "earliest");
    return settings;
  }

  /** To be called with every record; the first one starts the clocks. */
  void record() {
    if (begun.get() || !begun.compareAndSet(false, true)) return;
    firstNanos = System.nanoTime();
    firstCpuNanos = system.getProcessCpuTime();
  }

  /** Runs until it is given a line of input, as its last commit is durable then; prints one line of JSON and exits. */
  void run(Topology topology, Properties settings, long records) throws IOException {
    KafkaStreams streams = new KafkaStreams(topology, settings);
    streams.setUncaughtExceptionHandler(
        error -> {
          error.printStackTrace();
          Runtime.getRuntime().halt(1);
          return null;
        });
    streams.start();
    System.in.read();
    double seconds = (System.nanoTime() - firstNanos) / 1e9;
    double cpuMicros = (system.getProcessCpuTime() - firstCpuNanos) / 1e3;
    streams.close(Duration.ofSeconds(60));
    long peakKib =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElse(0);
    System.out.printf(
        "{\"recordsPerSecond\":%d,\"cpuMicrosPerRecord\":%s,\"peakRssBytes\":%d}%n",
        Math.round(records / seconds),
        String.format(Locale.ROOT, "%.3f", cpuMicros / records),
        peakKib * 1024);
    System.exit(0);
  }
}
