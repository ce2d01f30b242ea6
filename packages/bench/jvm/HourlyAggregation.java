import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The benchmark's hourly aggregation on JVM Kafka Streams: RocksDB, one thread, defaults otherwise. Arguments: brokers,
 * input topic, output topic, application id, records to process, guarantee, state folder, and the files of the input's
 * and the output's schema. Prints one line of JSON.
 */
public final class HourlyAggregation {
  /** Confluent's framing, read and written without a registry: a magic 0 and a schema id of 4 bytes. */
  private static final int FRAMING = 5;

  private static final class AvroReader implements Deserializer<GenericRecord> {
    private final GenericDatumReader<GenericRecord> reader;
    private BinaryDecoder decoder;

    AvroReader(Schema schema) {
      reader = new GenericDatumReader<>(schema);
    }

    @Override
    public GenericRecord deserialize(String topic, byte[] bytes) {
      if (bytes == null) return null;
      try {
        decoder = DecoderFactory.get().binaryDecoder(bytes, FRAMING, bytes.length - FRAMING, decoder);
        return reader.read(null, decoder);
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }

  private static final class AvroWriter implements Serializer<GenericRecord> {
    private final GenericDatumWriter<GenericRecord> writer;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    private BinaryEncoder encoder;

    AvroWriter(Schema schema) {
      writer = new GenericDatumWriter<>(schema);
    }

    @Override
    public byte[] serialize(String topic, GenericRecord value) {
      if (value == null) return null;
      try {
        out.reset();
        out.writeBytes(new byte[] {0, 0, 0, 0, 2});
        encoder = EncoderFactory.get().directBinaryEncoder(out, encoder);
        writer.write(value, encoder);
        encoder.flush();
        return out.toByteArray();
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }

  private static final Serde<long[]> TALLY =
      Serdes.serdeFrom(
          (topic, tally) -> tally == null ? null : ByteBuffer.allocate(16).putLong(tally[0]).putLong(tally[1]).array(),
          (topic, bytes) -> {
            if (bytes == null) return null;
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new long[] {buffer.getLong(), buffer.getLong()};
          });

  public static void main(String[] args) throws Exception {
    String input = args[1];
    String output = args[2];
    Schema bookingEvent = new Schema.Parser().parse(Files.readString(Path.of(args[7])));
    Schema hourly = new Schema.Parser().parse(Files.readString(Path.of(args[8])));
    Measured measured = new Measured();
    Serde<GenericRecord> bookings = Serdes.serdeFrom(new AvroWriter(bookingEvent), new AvroReader(bookingEvent));
    Serde<GenericRecord> hours = Serdes.serdeFrom(new AvroWriter(hourly), new AvroReader(hourly));
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(input, Consumed.with(Serdes.String(), bookings))
        .peek((key, value) -> measured.record())
        .groupByKey(Grouped.with(Serdes.String(), bookings))
        .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofHours(1), Duration.ofHours(1)))
        .aggregate(
            () -> new long[] {0, 0},
            (key, booking, tally) -> {
              Object attendees = booking.get("attendees");
              return new long[] {tally[0] + 1, tally[1] + (attendees == null ? 0 : (Integer) attendees)};
            },
            Materialized.<String, long[], WindowStore<Bytes, byte[]>>as("hourly")
                .withKeySerde(Serdes.String())
                .withValueSerde(TALLY))
        .toStream()
        .map(
            (window, tally) -> {
              GenericRecord record = new GenericData.Record(hourly);
              record.put("subLocationId", window.key());
              record.put("hour", window.window().start());
              record.put("bookingsCount", (int) tally[0]);
              record.put("totalAttendees", (int) tally[1]);
              return KeyValue.pair(window.key(), record);
            })
        .to(output, Produced.with(Serdes.String(), hours));

    measured.run(builder.build(), Measured.settings(args[0], args[3], args[5], args[6]), Long.parseLong(args[4]));
  }
}
