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

/** Reads COUNT records of FROM with the JVM's own client, and writes them to TO in one transaction, compressed. */
public class Echo {
  public static void main(String[] args) {
    String brokers = args[0], from = args[1], to = args[2], compression = args[3];
    int count = Integer.parseInt(args[4]);
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
