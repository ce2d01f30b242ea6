import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Reads pairs of schemas with bytes, one JSON object a line, and answers each with what Avro's Java library makes of
 * them: whether the schemas are taken, whether the reader's is compatible, and the value or "error" for all bytes.
 */
public final class AvroVectors {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      ObjectNode pair = (ObjectNode) MAPPER.readTree(line);
      answer(pair);
      System.out.write((MAPPER.writeValueAsString(pair) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    System.out.flush();
  }

  private static void answer(ObjectNode pair) throws InterruptedException {
    Schema writer = parsed(pair.get("writer"), false);
    Schema reader = parsed(pair.get("reader"), true);
    pair.put("writerValid", writer != null);
    pair.put("readerValid", reader != null);
    if (writer == null || reader == null) return;
    pair.put("compatible", compatible(reader, writer));
    ArrayNode results = pair.putArray("results");
    for (JsonNode bytes : pair.get("bytes")) results.add(read(writer, reader, bytes.textValue()));
  }

  private static boolean compatible(Schema reader, Schema writer) {
    try {
      return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
          == SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE;
    } catch (RuntimeException error) {
      return false;
    }
  }

  private static Schema parsed(JsonNode text, boolean strict) {
    try {
      Schema.Parser parser = new Schema.Parser();
      parser.setValidateDefaults(strict);
      return parser.parse(text.textValue());
    } catch (RuntimeException | StackOverflowError error) {
      return null;
    }
  }

  /** A count of 2^60 items without bytes keeps the library busy for good: that is an error, too. */
  @SuppressWarnings("deprecation")
  private static String read(Schema writer, Schema reader, String hex) throws InterruptedException {
    String[] result = {"error"};
    Thread thread = new Thread(() -> result[0] = readNow(writer, reader, hex));
    thread.start();
    thread.join(1_000);
    if (!thread.isAlive()) return result[0];
    thread.stop();
    thread.join();
    return "error";
  }

  private static String readNow(Schema writer, Schema reader, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
    try {
      Object value = new GenericDatumReader<Object>(writer, reader).read(null, decoder);
      StringBuilder out = new StringBuilder();
      write(out, reader, value);
      if (!decoder.isEnd()) out.append(" and more");
      return out.toString();
    } catch (Exception | StackOverflowError | OutOfMemoryError error) {
      return "error";
    }
  }

  private static void write(StringBuilder out, Schema schema, Object value) {
    switch (schema.getType()) {
      case UNION:
        Schema branch = schema.getTypes().get(GenericData.get().resolveUnion(schema, value));
        out.append('<').append(branch.getFullName()).append('>');
        write(out, branch, value);
        break;
      case RECORD:
        out.append('{');
        for (Schema.Field field : schema.getFields()) {
          out.append(field.name()).append('=');
          write(out, field.schema(), ((IndexedRecord) value).get(field.pos()));
          out.append(' ');
        }
        out.append('}');
        break;
      case ARRAY:
        out.append('[');
        for (Object item : (List<?>) value) {
          write(out, schema.getElementType(), item);
          out.append(' ');
        }
        out.append(']');
        break;
      case MAP:
        Map<String, Object> sorted = new TreeMap<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet())
          sorted.put(entry.getKey().toString(), entry.getValue());
        out.append('(');
        for (Map.Entry<String, Object> entry : sorted.entrySet()) {
          text(out, entry.getKey());
          out.append('=');
          write(out, schema.getValueType(), entry.getValue());
          out.append(' ');
        }
        out.append(')');
        break;
      case STRING:
      case ENUM:
        text(out, value.toString());
        break;
      case BYTES:
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        out.append('x').append(HexFormat.of().formatHex(bytes));
        break;
      case FIXED:
        out.append('x').append(HexFormat.of().formatHex(((GenericData.Fixed) value).bytes()));
        break;
      case FLOAT:
        out.append('f').append(Integer.toHexString(Float.floatToIntBits((Float) value)));
        break;
      case DOUBLE:
        out.append('d').append(Long.toHexString(Double.doubleToLongBits((Double) value)));
        break;
      default:
        out.append(value);
    }
  }

  /** Letters and digits as they are, all else by its code. */
  private static void text(StringBuilder out, String text) {
    out.append('"');
    for (char c : text.toCharArray()) {
      if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) out.append(c);
      else out.append('\\').append(Integer.toHexString(c)).append(';');
    }
    out.append('"');
  }
}
