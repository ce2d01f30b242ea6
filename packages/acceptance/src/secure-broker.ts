import { freePorts, kafkaOnJvm } from "@millrace/devstack";
import type { CertificateAuthority } from "./certificates.ts";

/** A broker whose outer listeners ask who somebody is, or speak TLS. */
export interface SecureBroker {
  /** Of the listener `SECURE`. */
  readonly address: string;
  /** Of the one that asks nobody. */
  readonly plainAddress: string;
  /** Of the listener `NAMED`, which asks for a password without TLS; only beside `SASL_SSL`. */
  readonly addressWithoutTls: string;
  stop(): Promise<void>;
}

/**
 * A broker of its own on the JVM, with a certificate of that authority, which is the only one that it trusts. `settings`:
 * of the listeners `SECURE` and `NAMED`, and the rest of the broker.
 */
export const secureBroker = async (
  authority: CertificateAuthority,
  protocol: "SSL" | "SASL_SSL",
  settings: Readonly<Record<string, string>>,
): Promise<SecureBroker> => {
  const keys = await authority.bundle("broker-store.pem", await authority.issue("broker"));
  const [plain = 0, controller = 0, secure = 0, named = 0] = await freePorts(4);
  const outer = [
    `SECURE://127.0.0.1:${secure}`,
    ...(protocol === "SASL_SSL" ? [`NAMED://127.0.0.1:${named}`] : []),
  ];
  const broker = await kafkaOnJvm(
    {},
    {
      listeners: `PLAINTEXT://127.0.0.1:${plain},CONTROLLER://127.0.0.1:${controller},${outer.join(",")}`,
      "advertised.listeners": `PLAINTEXT://127.0.0.1:${plain},${outer.join(",")}`,
      "controller.quorum.voters": `1@127.0.0.1:${controller}`,
      "listener.security.protocol.map": `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:${protocol},NAMED:SASL_PLAINTEXT`,
      "ssl.keystore.type": "PEM",
      "ssl.keystore.location": keys,
      "ssl.truststore.type": "PEM",
      "ssl.truststore.location": authority.ca,
      ...settings,
    },
  );
  return {
    address: `127.0.0.1:${secure}`,
    plainAddress: broker.address,
    addressWithoutTls: `127.0.0.1:${named}`,
    stop: () => broker.stop(),
  };
};
