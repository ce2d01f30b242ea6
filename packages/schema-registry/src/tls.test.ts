import { afterEach, expect, test } from "vitest";
import { schemaRegistry } from "./http-schema-registry.ts";
import { type RegistryServer, startRegistryServer } from "./testing/index.ts";

/** Of 127.0.0.1, signed by itself, for a hundred years; made for this test, and trusted by nobody else. */
const cert = `-----BEGIN CERTIFICATE-----
MIIBozCCAUigAwIBAgIUSACNY14LEuosR2b7FLG2WhE5VEEwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwScmVnaXN0cnkgb2YgYSB0ZXN0MCAXDTI2MTEyNjE2MjI1NVoY
DzIxMjYxMTAyMTYyMjU1WjAdMRswGQYDVQQDDBJyZWdpc3RyeSBvZiBhIHRlc3Qw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASWTMt5hXT/Dc4CaRqJ0u9HUaQvyEQc
DprezsDaHV+mQ78wjSTX0/SwDbe/WkG6h77FxYGJigL+f5AnWxenPJvxo2QwYjAd
BgNVHQ4EFgQUTTjHAb1j7n/1HJmDUisdiiIFnYAwHwYDVR0jBBgwFoAUTTjHAb1j
7n/1HJmDUisdiiIFnYAwDwYDVR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAAB
MAoGCCqGSM49BAMCA0kAMEYCIQC3gnbmAHC39jCtT6uZR1WPWnyvunQ1yqOMGw5F
of+H8gIhAJivgPmg78KG/N8SEfQttrDDX2A1JpWvtZdL9jIBzzoc
-----END CERTIFICATE-----
`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrj1NtzfrTLNK7Bs/
0CFWHsvz2Aeyaq9ADZn8lwnTYxOhRANCAASWTMt5hXT/Dc4CaRqJ0u9HUaQvyEQc
DprezsDaHV+mQ78wjSTX0/SwDbe/WkG6h77FxYGJigL+f5AnWxenPJvx
-----END PRIVATE KEY-----
`;
const text = { schemaType: "JSON", schema: "1" } as const;

let server: RegistryServer | undefined;
afterEach(() => server?.stop());

test("trusts the authority that it is given, and no unknown one", async () => {
  server = await startRegistryServer({
    languages: [{ schemaType: "JSON", parse: () => ({ canonical: "1", problemsReading: () => [] }) }],
    tls: { cert, key },
  });
  const { url } = server;
  expect(url).toMatch(/^https:/);
  expect(await schemaRegistry({ url, ca: cert, patienceMs: 0 }).register("s", text)).toBe(1);
  expect(await schemaRegistry({ url, ca: [Buffer.from(cert)], patienceMs: 0 }).lookup("s", text)).toBe(1);
  // At once, whatever the patience: nobody mends it by waiting.
  await expect(schemaRegistry({ url }).lookup("s", text)).rejects.toMatchObject({
    code: "SCHEMA_REGISTRY",
    retriable: false,
    message: expect.stringMatching(/self-signed certificate.*SCHEMA_REGISTRY_SSL_CA/),
  });
});
