import { MillraceError, TransportError } from "@millrace/streams";
import { expect, test } from "vitest";
import { explained } from "./explained.ts";

test("names the setting that the broker refuses", () => {
  const refused = new TransportError("JoinGroup was refused", "INVALID_SESSION_TIMEOUT", "fatal");
  const ended = new MillraceError("joining failed", { code: "JOIN", cause: refused });
  expect(explained(ended)).toMatch(
    /^joining failed: KAFKA_SESSION_TIMEOUT_MS is outside of what the broker allows: its group.min.session.timeout.ms/,
  );
});

test("leaves alone what it does not know", () => {
  expect(explained(new Error("disk full"))).toBe("disk full");
  expect(explained("text")).toBe("text");
});
