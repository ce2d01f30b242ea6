import { expect, test } from "vitest";
import { VirtualClock } from "../../testing/index.ts";
import { Mailbox } from "./mailbox.ts";

test("letters come out in their order, each once", () => {
  const mailbox = new Mailbox<string>(new VirtualClock());
  for (const letter of ["a", "b", "c"]) mailbox.post(letter);
  expect(mailbox.take()).toEqual(["a", "b", "c"]);
  expect(mailbox.take()).toEqual([]);
});

test("a sleeper is woken by a letter, and by being called", async () => {
  const clock = new VirtualClock();
  const mailbox = new Mailbox<string>(clock);
  for (const wake of [() => mailbox.post("a"), () => mailbox.wake()]) {
    const asleep = mailbox.sleep(1_000);
    await clock.runFor(100);
    const called = clock.monotonic();
    wake();
    await clock.run(asleep);
    expect(clock.monotonic() - called).toBeLessThan(1);
  }
});

test("what came while nobody slept keeps the next one from lying down, once", async () => {
  const clock = new VirtualClock();
  const mailbox = new Mailbox<string>(clock);
  mailbox.post("a");
  mailbox.wake();
  await clock.run(mailbox.sleep(1_000));
  expect(clock.monotonic()).toBeLessThan(1);
  await clock.run(mailbox.sleep(1_000));
  expect(clock.monotonic()).toBeGreaterThanOrEqual(1_000);
});
