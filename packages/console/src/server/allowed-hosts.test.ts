import { expect, test } from "vitest";
import { AllowedHosts } from "./allowed-hosts.ts";

test("at loopback it answers to the names of this machine alone", () => {
  const hosts = new AllowedHosts("127.0.0.1");
  for (const host of ["127.0.0.1:8085", "localhost:8085", "LOCALHOST", "[::1]:8085"])
    expect(hosts.includes(host), host).toBe(true);
  for (const host of [undefined, "", "evil.example", "127.0.0.1.evil.example:8085", "10.0.0.7:8085", "a b"])
    expect(hosts.includes(host), host).toBe(false);
});

test("elsewhere also to addresses, which nobody can rebind, and to the names that it is given", () => {
  const hosts = new AllowedHosts("0.0.0.0", ["console.example"]);
  for (const host of ["10.0.0.7:8085", "[2001:db8::1]", "console.example", "localhost"])
    expect(hosts.includes(host), host).toBe(true);
  expect(hosts.includes("evil.example")).toBe(false);
});

test("a page of another origin is not its own, whatever name it uses", () => {
  const hosts = new AllowedHosts("127.0.0.1");
  expect(hosts.isOwn("http://127.0.0.1:8085", "127.0.0.1:8085")).toBe(true);
  expect(hosts.isOwn(undefined, "127.0.0.1:8085")).toBe(true);
  for (const origin of ["http://evil.example", "http://127.0.0.1:9999", "null", "http://localhost:8085"])
    expect(hosts.isOwn(origin, "127.0.0.1:8085"), origin).toBe(false);
  expect(hosts.isOwn("http://evil.example:8085", "evil.example:8085")).toBe(false);
});
