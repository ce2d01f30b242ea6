import { afterEach, expect, test, vi } from "vitest";
import { console } from "./console-command.ts";

afterEach(() => void vi.unstubAllEnvs());

test("a console of nothing is refused", async () => {
  vi.stubEnv("KAFKA_BROKERS", "");
  await expect(console.run([])).rejects.toThrow(/^say what is shown: --app URL/);
  await expect(console.run(["--app", "127.0.0.1:8080"])).rejects.toThrow(/--app is "127.0.0.1:8080"/);
});
