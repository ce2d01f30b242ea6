import { freePorts } from "@millrace/devstack";
import { noHeaders } from "@millrace/streams";
import { chromium, type Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { accessibilityProblems } from "./accessibility.ts";
import { chromiumPath, noChromium } from "./no-chromium.ts";
import { Program } from "./program.ts";
import { ServiceProcess } from "./service-process.ts";
import { studioBooking } from "./studio-booking.ts";
import { openVenue, until, type VenueClient } from "./venue-client.ts";

const millrace = new URL("../../cli/dist/main.js", import.meta.url);
const token = "a token for this test alone";

/** A record that is no booking. */
const sendNoBooking = async ({ transport, bookingEvents }: VenueClient): Promise<void> => {
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([bookingEvents]);
  producer.append(bookingEvents, 0, Buffer.from("studio"), Buffer.from("no booking"), Date.now(), noHeaders);
  await producer.flush();
  await producer.close();
};

/** A page, and what went wrong in it: its own errors, and whatever it asked others for. */
const openPage = async (url: string) => {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
  page.setDefaultTimeout(60_000);
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !asked.startsWith("data:")) troubles.push(`asks for ${asked}`);
  });
  await page.goto(url);
  return { browser, page, troubles };
};

/** On a small screen nothing lies beside the page: what is wider scrolls by itself. */
const fitsSmallScreen = async (page: Page, what: string): Promise<void> => {
  await page.setViewportSize({ width: 400, height: 800 });
  const widest = page.evaluate<number>("document.documentElement.scrollWidth");
  expect(await widest, `${what}, at 400 pixels`).toBe(400);
  await page.setViewportSize({ width: 1_280, height: 800 });
};

/** What has the keyboard, by its name or what it says. */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>("document.activeElement.name || document.activeElement.innerText");

const isAccessible = async (page: Page, what: string): Promise<void> => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await accessibilityProblems(page), `${what}, ${colorScheme}`).toEqual([]);
  }
  await fitsSmallScreen(page, what);
};

test("shows a running application in a browser: what flows, its tasks and stores; opens and replays a dead letter", async (context) => {
  const why = noChromium();
  if (why !== undefined) context.skip(why);
  const [port = 0, consolePort = 0] = await freePorts(2);
  const venue = await openVenue(inject("kafka"), inject("registry"), "console", 2);
  const environment = { ...venue.environment, LOG_LEVEL: "warn" };
  const application = venue.environment["KAFKA_GROUP_ID_AGGREGATOR"] ?? "";
  const demand = new ServiceProcess("demand", { ...environment, HTTP_PORT: String(port) });
  const watched = new Program(millrace, { ...environment, MILLRACE_CONSOLE_TOKEN: token }, [
    "console",
    `--app=http://127.0.0.1:${port}`,
    `--port=${consolePort}`,
  ]);
  const url = `http://127.0.0.1:${consolePort}/`;
  const state = (): string => `${demand.output}\n${watched.output}`;
  let booked = 0;
  const booking = setInterval(() => {
    void venue.publisher.publish(studioBooking(`booking-${++booked}`, Date.now()));
  }, 200);
  let opened: Awaited<ReturnType<typeof openPage>> | undefined;
  try {
    await sendNoBooking(venue);
    await until(() => watched.output.includes(url), state, 60_000);
    await until(() => venue.demand.length > 0, state);
    opened = await openPage(url);
    const { page, troubles } = opened;
    const view = (name: string) => page.getByRole("link", { name, exact: true }).click();

    // What flows, drawn, and the same as a table.
    await page.getByRole("heading", { level: 1, name: application }).waitFor();
    await page.getByRole("img", { name: `Topology of ${application}` }).waitFor();
    await page.locator(".edge.live").first().waitFor();
    await page.getByText("The drawing as a table").click();
    await page.getByRole("row").filter({ hasText: "bookingLedger" }).first().waitFor();
    await isAccessible(page, "topology");

    await view("Tasks and members");
    await page.getByRole("row").filter({ hasText: "0_1" }).filter({ hasText: "active" }).waitFor();
    await isAccessible(page, "tasks");

    await view("Stores");
    await page.getByRole("button", { name: /^bookings-by-hour\s*windows/ }).click();
    const rows = page.getByRole("region", { name: "Rows of bookings-by-hour" }).getByRole("row");
    await rows.filter({ hasText: "studio" }).first().waitFor();
    await page.getByRole("button", { name: /^bookings\s*by key/ }).click();
    await page.getByLabel("Show").selectOption("key");
    await page.getByRole("textbox", { name: "Key" }).fill("nobody");
    await page.getByRole("button", { name: "Look" }).click();
    await page.getByText("No such rows.").waitFor();
    await isAccessible(page, "stores");

    // The letter came to the topic that the application has told of.
    await page.getByRole("link", { name: /^Dead letters/ }).click();
    await page.getByRole("heading", { name: venue.deadLetter }).waitFor();
    await page
      .getByRole("button", { name: /^\d+:\d+$/ })
      .first()
      .click();
    await page.getByText("WRONG_MAGIC").first().waitFor();
    await page
      .getByRole("region", { name: /^Letter / })
      .filter({ hasText: "no booking" })
      .waitFor();
    const letters = page.getByRole("region", { name: `Letters of ${venue.deadLetter}` });
    const isWhole = letters.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth);
    expect(await isWhole, "nothing of a letter is cut off").toBe(true);
    await isAccessible(page, "dead letters");
    // By the keyboard alone.
    await page.getByRole("button", { name: /^Replay it/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Token of the console").waitFor();
    expect(await focused(page)).toBe("token");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Cancel");
    await page.keyboard.press("Enter");
    await page.getByLabel("Token of the console").waitFor({ state: "detached" });
    expect(await focused(page)).toMatch(/^Replay it/);
    await page.keyboard.press("Enter");
    await page.keyboard.type("not the token of this one");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "not the token" }).waitFor();
    await isAccessible(page, "token");
    await page.getByLabel("Token of the console").fill(token);
    await page.getByRole("button", { name: "Replay", exact: true }).click();
    await page.getByText("1 letter replayed").waitFor();
    // It is no booking still, so it comes back as another letter.
    await page.getByText("2 letters, 1 replayed").waitFor();

    await page.getByRole("link", { name: "Venue" }).click();
    await page
      .getByRole("button", { name: /^studio: \d+ bookings/ })
      .first()
      .waitFor();
    await isAccessible(page, "venue");

    demand.kill("SIGTERM");
    expect(await demand.exit()).toBe(0);
    await page.getByRole("link", { name: /^Connections/ }).click();
    await page.getByText(`http://127.0.0.1:${port} does not answer`).first().waitFor();
    await isAccessible(page, "connections");
    expect(troubles).toEqual([]);
  } catch (error) {
    throw new Error(`${String(error)}\n${state()}`, { cause: error });
  } finally {
    clearInterval(booking);
    await opened?.browser.close();
    demand.kill("SIGTERM");
    watched.kill("SIGTERM");
    expect(await watched.exit()).toBe(0);
    await venue.close();
  }
});
