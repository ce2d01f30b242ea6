import { freePorts, kafkaOnJvm } from "@millrace/devstack";
import type { CertificateAuthority } from "./certificates.ts";

/** A broker whose outer listener speaks TLS. */
export interface SecureBroker {
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * A broker of its own on the JVM, with a certificate of that authority, which is the only one that it trusts. `settings`:
 * of the listener "SECURE", and the rest of the broker.
 */
export const secureBroker = async (
  authority: CertificateAuthority,
  protocol: "SSL" | "SASL_SSL",
  settings: Readonly<Record<string, string>>,
): Promise<SecureBroker> => {
  const keys = await authority.bundle("broker-store.pem", await authority.issue("broker"));
  const [plain = 0, controller = 0, secure = 0] = await freePorts(3);
  const broker = await kafkaOnJvm(
    {},
    {
      listeners: `PLAINTEXT://127.0.0.1:${plain},CONTROLLER://127.0.0.1:${controller},SECURE://127.0.0.1:${secure}`,
      "advertised.listeners": `PLAINTEXT://127.0.0.1:${plain},SECURE://127.0.0.1:${secure}`,
      "controller.quorum.voters": `1@127.0.0.1:${controller}`,
      "listener.security.protocol.map": `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:${protocol}`,
      "ssl.keystore.type": "PEM",
      "ssl.keystore.location": keys,
      "ssl.truststore.type": "PEM",
      "ssl.truststore.location": authority.ca,
      ...settings,
    },
  );
  return { address: `127.0.0.1:${secure}`, stop: () => broker.stop() };
};
