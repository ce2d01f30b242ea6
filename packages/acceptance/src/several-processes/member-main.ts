import { createApp, kafka } from "@millrace/streams";
import { visitsAndOrders } from "./visits-and-orders.ts";

// One member of the application, a process of its own. Says how many tasks are its own, whenever that changes.
const [brokers = "", id = ""] = process.argv.slice(2);

const app = createApp(visitsAndOrders(id).topology, {
  transport: kafka({ brokers: brokers.split(",") }),
  commitIntervalMs: 50,
  sessionTimeoutMs: 6_000,
  heartbeatIntervalMs: 300,
  transactionTimeoutMs: 10_000,
  maxTaskIdleMs: 200,
});
process.once("SIGTERM", () => void app.stop());
let said = 0;
const saying = setInterval(() => {
  const tasks = app.tasks.active.length;
  if (tasks !== said) process.stdout.write(`tasks ${tasks}\n`);
  said = tasks;
}, 50);
try {
  await app.start();
  await app.done();
} finally {
  clearInterval(saying);
}
