import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.backend.memory.MemoryCollection;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
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

              @Override
              public MemoryDatabase openOrCreateDatabase(String name) {
                return new IndexedDatabase(name, getCursorRegistry());
              }
            })
        .bind("127.0.0.1", Integer.parseInt(args[0]));
  }

  private static Document acceptable(Document answer) {
    if (answer != null && answer.containsKey("maxWireVersion")) answer.put("maxWireVersion", WIRE_VERSION);
    return answer;
  }

  private static final class IndexedDatabase extends MemoryDatabase {
    private final CursorRegistry cursors;

    IndexedDatabase(String name, CursorRegistry cursors) {
      super(name, cursors);
      this.cursors = cursors;
    }

    @Override
    protected MemoryCollection openOrCreateCollection(String name, CollectionOptions options) {
      return new IndexedCollection(this, name, options, cursors);
    }
  }

  /**
   * Uses a unique index for every filter that has values for its keys, as MongoDB does. The library itself looks at
   * every document unless the filter has the index's keys and nothing else, and a guarded filter always has more.
   */
  private static final class IndexedCollection extends MemoryCollection {
    IndexedCollection(MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors) {
      super(database, name, options, cursors);
    }

    @Override
    protected QueryResult matchDocuments(
        Document query, Document orderBy, int skip, int limit, int batchSize, Document fields) {
      for (Index<Integer> index : getIndexes()) {
        Document keys = keysOf(index, query);
        if (keys != null && index.canHandle(keys))
          return matchDocuments(query, index.getPositions(keys), orderBy, skip, limit, batchSize, fields);
      }
      return super.matchDocuments(query, orderBy, skip, limit, batchSize, fields);
    }

    /** The part of a filter that names the index's keys; null where it leaves one of them open. */
    private static Document keysOf(Index<Integer> index, Document query) {
      Document keys = new Document();
      for (IndexKey indexKey : index.getKeys()) {
        Object value = query.get(indexKey.getKey());
        if (value == null) return null;
        keys.put(indexKey.getKey(), value);
      }
      return keys;
    }
  }
}
