import { expect, test } from "vitest";
import { TransportError } from "../transport-error.ts";
import { firstAnswer } from "./first-answer.ts";

const network = (text: string): TransportError => new TransportError(text, "NETWORK", "retry");
const never = (): Promise<never> => new Promise<never>(() => undefined);
const failing = (text: string) => (): Promise<never> => Promise.reject(network(text));
const late = (): Promise<number> => new Promise((resolve) => setTimeout(resolve, 50, 1));
const open = new AbortController().signal;

test("the first one's answer is enough", async () => {
  let asked = 0;
  const second = (): Promise<never> => {
    asked++;
    return never();
  };
  expect(await firstAnswer([() => Promise.resolve(1), second], 20, open)).toBe(1);
  expect(asked).toBe(0);
});

test("the next one is asked at once after a failure, and after a while without an answer", async () => {
  const begun = performance.now();
  expect(await firstAnswer([failing("a"), () => Promise.resolve(2)], 10_000, open)).toBe(2);
  expect(await firstAnswer([never, () => Promise.resolve(2)], 20, open)).toBe(2);
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test("a late answer of an earlier one counts as well", async () => {
  expect(await firstAnswer([late, never], 10, open)).toBe(1);
});

test("it fails with the last when all have failed, and at once with what is no matter of the network", async () => {
  await expect(firstAnswer([failing("a"), failing("b")], 10, open)).rejects.toThrow("b");
  const refused = new TransportError("refused", "TOPIC_AUTHORIZATION_FAILED", "fatal");
  await expect(firstAnswer([() => Promise.reject(refused), never], 10_000, open)).rejects.toBe(refused);
});
