import { expect, test } from "vitest";
import { redacted } from "./redacted.ts";

test("shows settings without what must not be seen", () => {
  const settings = {
    kafka: {
      brokers: ["kafka:9092"],
      ssl: { ca: ["PEM"], cert: "PEM", key: "PEM", passphrase: "secret" },
      sasl: { mechanism: "plain", username: "me", password: "secret" },
    },
    mongoUri: "mongodb://admin:p%40ss@a:27017,b:27017/venue?authSource=admin",
    registryUrl: "https://user:secret@registry/apis",
    commitIntervalMs: undefined,
    http: { host: "127.0.0.1", port: 80 },
  };
  const shown = redacted(settings);
  expect(shown).toEqual({
    kafka: {
      brokers: ["kafka:9092"],
      ssl: { ca: "***", cert: "***", key: "***", passphrase: "***" },
      sasl: { mechanism: "plain", username: "me", password: "***" },
    },
    mongoUri: "mongodb://***@a:27017,b:27017/venue?authSource=admin",
    registryUrl: "https://***@registry/apis",
    http: { host: "127.0.0.1", port: 80 },
  });
  expect(JSON.stringify(shown)).not.toMatch(/secret|PEM|p%40ss/);
});
