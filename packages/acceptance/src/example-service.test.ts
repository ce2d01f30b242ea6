import { freePorts } from "@millrace/devstack";
import { expect, inject, test } from "vitest";
import { Program } from "./program.ts";
import { serviceMetric } from "./service-metrics.ts";
import { until } from "./venue-client.ts";

const main = new URL("../../../examples/service/main.ts", import.meta.url);

test("a service in ten lines is ready, tells what it does, and stops cleanly", async () => {
  const [port = 0] = await freePorts(1);
  const environment = {
    KAFKA_BROKERS: inject("kafka"),
    KAFKA_GROUP_ID: `ten-lines-${Date.now()}`,
    HTTP_PORT: String(port),
  };
  const service = new Program(main, environment, ["--create-topics"]);
  try {
    await until(
      () =>
        fetch(`http://127.0.0.1:${port}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      () => service.output,
    );
    expect(await serviceMetric(port, "state")).toBe(1);
    expect(await serviceMetric(port, "processed_records_total")).toBeGreaterThanOrEqual(0);
  } finally {
    service.kill("SIGTERM");
  }
  expect(await service.exit()).toBe(0);
  for (const line of service.output.trim().split("\n"))
    expect(JSON.parse(line)).toMatchObject({
      application: environment.KAFKA_GROUP_ID,
      level: expect.any(String),
    });
});
