import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Environment } from "./environment.ts";
import { tlsSettings } from "./tls-settings.ts";

// Made for this test, and good for nothing else.
const certificate = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUcjfRWp5Hxbk6HDTKa9f+IEXo/x4wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjE1MTQyMVoYDzIxMjYxMTAy
MTUxNDIxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ8MevPPCHCYueS5pqm7S3mp/pZ/D/8rA/6oQ50W2GL+JIRb0Yvup4/
bni7/lbY2ZtXwaFl9egu5NfqVu9RQSZAo1MwUTAdBgNVHQ4EFgQUilT/AKrGk0gd
ldNMLqOtVCW5l0MwHwYDVR0jBBgwFoAUilT/AKrGk0gdldNMLqOtVCW5l0MwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiB2baiSZLHYJy63F0k6dFOz
3QzhoWRQGQaCNO1WysqDlwIhAMn3IxDjpo+rzY38M5DmMUMHDfWQFs5tUXY5TClS
bRTL
-----END CERTIFICATE-----`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOm+nf2DGmzV4kmCz
sXLHVJnGQSbN6/YDRHLYgT5/tZmhRANCAAQ8MevPPCHCYueS5pqm7S3mp/pZ/D/8
rA/6oQ50W2GL+JIRb0Yvup4/bni7/lbY2ZtXwaFl9egu5NfqVu9RQSZA
-----END PRIVATE KEY-----`;
const otherKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7d7cXCXshS7KD84B
z+ZcvHSUnH/rOoefj9GLrhuUue+hRANCAASp9u4OHeb+8mJj0csyz3+t4X2lLBqB
ONg6dnVwmKqetq6dYQ/OXH/bDAiOrUwd/1QyQyWLJL2JpZqctJ1KZn2r
-----END PRIVATE KEY-----`;

const read = (variables: Readonly<Record<string, string>>) => {
  const environment = new Environment(variables);
  const settings = tlsSettings(environment);
  environment.check();
  return settings;
};

describe("KAFKA_SSL", () => {
  let folder = "";
  const file = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tls-settings-"));
    writeFileSync(file("cert.pem"), certificate);
    writeFileSync(file("key.pem"), key);
    writeFileSync(file("other-key.pem"), otherKey);
    writeFileSync(file("no.pem"), "not one");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is off unless asked for, and then trusts whom the system trusts", () => {
    expect(read({})).toBe(false);
    expect(read({ KAFKA_SSL: "true" })).toBe(true);
  });

  test("takes whom to trust and who we are from files", () => {
    expect(read({ KAFKA_SSL: "true", KAFKA_SSL_CA: file("cert.pem") })).toEqual({ ca: [certificate] });
    expect(
      read({ KAFKA_SSL: "true", KAFKA_SSL_CERT: file("cert.pem"), KAFKA_SSL_KEY: file("key.pem") }),
    ).toEqual({ cert: certificate, key });
  });

  test("is wanted by its files", () => {
    expect(() => read({ KAFKA_SSL_CA: file("cert.pem") })).toThrow(
      "KAFKA_SSL_CA is set, and KAFKA_SSL is not true",
    );
  });

  test("needs certificate and key together, and one that is the other's", () => {
    const KAFKA_SSL_CERT = file("cert.pem");
    expect(() => read({ KAFKA_SSL: "true", KAFKA_SSL_CERT })).toThrow("belong together");
    expect(() => read({ KAFKA_SSL: "true", KAFKA_SSL_KEY: file("key.pem") })).toThrow("belong together");
    expect(() => read({ KAFKA_SSL: "true", KAFKA_SSL_CERT, KAFKA_SSL_KEY: file("other-key.pem") })).toThrow(
      /KAFKA_SSL_CERT, KAFKA_SSL_KEY can't be used for TLS: .*mismatch/,
    );
  });

  test.each(["KAFKA_SSL_CA", "KAFKA_SSL_CERT", "KAFKA_SSL_KEY"])(
    "says which file of %s it can't use",
    (name) => {
      expect(() => read({ KAFKA_SSL: "true", [name]: file("nowhere.pem") })).toThrow(
        new RegExp(`${name} is ".*nowhere.pem"; it must be a PEM file that can be read: ENOENT`),
      );
      expect(() => read({ KAFKA_SSL: "true", [name]: file("no.pem") })).toThrow(
        new RegExp(`${name} is ".*no.pem"; it must be a PEM file`),
      );
    },
  );
});
