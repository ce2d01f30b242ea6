import {
  days,
  hours,
  keyValueStore,
  long,
  nullable,
  process,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
} from "@millrace/streams";

export const carts = topic("carts", { key: string(), value: nullable(string()) });
export const liveCarts = topic("live-carts", { key: string(), value: nullable(string()) });

const touched = keyValueStore("touched", { key: string(), value: long() });

/** A cart that nobody touched for 30 days is deleted, by a tombstone, so that every table of carts forgets it. */
export const cartsThatLive = (): Topology =>
  topology(
    "live-carts",
    stream(carts).pipe(
      process({
        stores: { touched },
        create: ({ stores, forward, schedule }) => {
          schedule(hours(1), "streamTime", (now) => {
            for (const [key, at] of stores.touched.all()) {
              if (at > now - days(30)) continue;
              forward({ key, value: null, timestamp: now, headers: [] });
              stores.touched.delete(key);
            }
          });
          return (record) => {
            if (record.value === null) stores.touched.delete(record.key);
            else stores.touched.put(record.key, record.timestamp);
            forward(record);
          };
        },
      }),
      to(liveCarts),
    ),
  );
