import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * BROKERS COUNT (FROM TO COMPRESSION)...: reads COUNT records of each FROM with the JVM's own client, and writes them to
 * its TO in one transaction, compressed.
 */
public class Echo {
  public static void main(String[] args) {
    for (int at = 2; at < args.length; at += 3)
      echo(args[0], Integer.parseInt(args[1]), args[at], args[at + 1], args[at + 2]);
  }

  private static void echo(String brokers, int count, String from, String to, String compression) {
    List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
    try (var consumer = new KafkaConsumer<>(
        Map.<String, Object>of("bootstrap.servers", brokers, "isolation.level", "read_committed", "check.crcs", "true"),
        new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partition = List.of(new TopicPartition(from, 0));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      while (read.size() < count) consumer.poll(Duration.ofMillis(200)).forEach(read::add);
    }
    try (var producer = new KafkaProducer<>(
        Map.<String, Object>of("bootstrap.servers", brokers, "compression.type", compression,
            "transactional.id", to, "linger.ms", "20"),
        new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (var record : read)
        producer.send(new ProducerRecord<>(to, 0, record.timestamp(), record.key(), record.value(), record.headers()));
      producer.commitTransaction();
    }
  }
}
