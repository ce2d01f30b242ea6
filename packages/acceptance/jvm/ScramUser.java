import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** BROKERS USER PASSWORD: tells the cluster who a user is, for both kinds of SCRAM. */
public class ScramUser {
  public static void main(String[] args) throws Exception {
    try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", args[0]))) {
      // The cluster takes one credential of a user at a time.
      for (var mechanism : List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
        var credential = new UserScramCredentialUpsertion(args[1], new ScramCredentialInfo(mechanism, 4096), args[2]);
        admin.alterUserScramCredentials(List.of(credential)).all().get();
      }
    }
  }
}
