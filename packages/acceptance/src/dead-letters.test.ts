import { bookingEventsTopic } from "@millrace/venue";
import { schemaRegistry } from "@millrace/avro";
import { noHeaders } from "@millrace/streams";
import { expect, inject, test } from "vitest";
import { Program } from "./program.ts";
import { ServiceProcess } from "./service-process.ts";
import { studioBooking } from "./studio-booking.ts";
import { openVenue, until } from "./venue-client.ts";

const millrace = new URL("../../cli/dist/main.js", import.meta.url);

test("dead letters are listed, shown and replayed; one that already counted does not count twice", async () => {
  const venue = await openVenue(inject("kafka"), inject("registry"), "letters", 1);
  const environment = { ...venue.environment, DEMAND_MAX_AHEAD_MS: "2000" };
  const demand = new ServiceProcess("demand", environment);
  /** What the command printed; rejects unless it ended with `exitCode`. */
  const command = async (args: readonly string[], exitCode = 0): Promise<string> => {
    const program = new Program(millrace, environment, ["dead-letters", ...args]);
    expect(await program.exit(), program.output).toBe(exitCode);
    return program.output;
  };
  const { transport, bookingEvents, deadLetter } = venue;
  const topic = bookingEventsTopic({
    registry: schemaRegistry({ url: inject("registry") }),
    name: bookingEvents,
  });
  await topic.value.start?.({ topic: bookingEvents, part: "value", use: "sink" });
  const send = async (values: readonly (Uint8Array | null)[]): Promise<void> => {
    const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
    await producer.prepareTopics([bookingEvents]);
    for (const value of values)
      producer.append(bookingEvents, 0, Buffer.from("studio"), value, Date.now(), noHeaders);
    await producer.flush();
    await producer.close();
  };
  /** Bookings of all hours, as they are known now: an hour may end while the test runs. */
  const counted = (): number =>
    [...new Map(venue.demand.map(({ hour, bookingsCount }) => [hour, bookingsCount])).values()].reduce(
      (sum, count) => sum + count,
      0,
    );
  try {
    // What is ahead of the clock is so only while it is read soon.
    await until(
      () => demand.output.includes('"message":"started"'),
      () => demand.output,
      60_000,
    );
    const now = Date.now();
    // A fast clock's booking, twice: dead now, in order later, and then the second is a duplicate of the first.
    const early = topic.value.serialize(studioBooking("early", now + 6_000));
    const good = topic.value.serialize(studioBooking("good", now));
    await send([good, early, early, Buffer.from("no avro"), good?.subarray(0, 20) ?? null]);
    await expect
      .poll(() => command(["list", deadLetter, "--json"]).catch(() => ""), { timeout: 60_000 })
      .toMatch(/TRUNCATED/);
    const list = await command(["list", deadLetter]);
    expect(list).toContain(`${deadLetter}: 4 dead letters`);
    expect(list).toMatch(/TOO_FAR_AHEAD +2 +0 /);
    expect(list).toMatch(/WRONG_MAGIC +1 +0 /);
    const truncatedAt = /^(\d+:\d+) .*TRUNCATED/m.exec(list)?.[1] ?? "";
    const shown = await command(["show", deadLetter, "--at", truncatedAt]);
    expect(shown).toMatch(/reason +TRUNCATED/);
    expect(shown).toMatch(/eventId: "good"\n {2}action: "CREATED"\n/);
    expect(shown).toMatch(/the bytes end here, at \d+ of 20/);
    expect(await command(["show", deadLetter, "--at", "0:99999"], 1)).toMatch(
      /there is no dead letter 0:99999/,
    );

    await until(
      () => Date.now() > now + 6_000,
      () => "",
    );
    expect(await command(["replay", deadLetter, "--reason", "TOO_FAR_AHEAD", "--dry-run"])).toMatch(
      /2 would be replayed, 0 were replayed before/,
    );
    expect(await command(["replay", deadLetter, "--reason", "TOO_FAR_AHEAD"])).toMatch(
      /^2 replayed, 0 were/m,
    );
    await until(
      () => counted() === 2,
      () => `counted ${counted()}; ${demand.output}`,
    );
    expect(await command(["replay", deadLetter, "--reason", "TOO_FAR_AHEAD"])).toMatch(
      /^0 replayed, 2 were replayed before, 0 can't/m,
    );
    // What comes after them shows that they have been read: three bookings, not four.
    await send([topic.value.serialize(studioBooking("last", Date.now()))]);
    await until(
      () => counted() === 3,
      () => `counted ${counted()}; ${demand.output}`,
    );
    expect(await command(["list", deadLetter])).toMatch(/TOO_FAR_AHEAD +2 +2 /);
  } finally {
    demand.kill("SIGTERM");
    expect(await demand.exit()).toBe(0);
    await venue.close();
  }
});
