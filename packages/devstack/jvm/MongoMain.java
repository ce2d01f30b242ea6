import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import io.netty.channel.Channel;

/**
 * A MongoDB in memory on 127.0.0.1 and the port given. It names a wire version that current drivers accept (9, MongoDB
 * 4.4); its own is older, though it answers what they ask.
 */
public final class MongoMain {
  private static final int WIRE_VERSION = 9;

  public static void main(String[] args) {
    new MongoServer(
            new MemoryBackend() {
              @Override
              public Document handleMessage(MongoMessage message) {
                return acceptable(super.handleMessage(message));
              }

              @Override
              public Document handleCommand(Channel channel, String database, String command, Document query) {
                return acceptable(super.handleCommand(channel, database, command, query));
              }
            })
        .bind("127.0.0.1", Integer.parseInt(args[0]));
  }

  private static Document acceptable(Document answer) {
    if (answer != null && answer.containsKey("maxWireVersion")) answer.put("maxWireVersion", WIRE_VERSION);
    return answer;
  }
}
