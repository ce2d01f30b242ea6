import {
  nullable,
  outerJoin,
  string,
  table,
  to,
  topic,
  type Topology,
  topology,
  toStream,
} from "@millrace/streams";

export const names = topic("names", { key: string(), value: string() });
export const emails = topic("emails", { key: string(), value: string() });
export const contacts = topic("contacts", { key: string(), value: nullable(string()) });

/** One row per person with all that is known; it goes when nothing is known any more. */
export const contactBook = (): Topology =>
  topology(
    "contact-book",
    table(names, { store: "names" }).pipe(
      outerJoin(
        table(emails, { store: "emails" }),
        (name, email) => `${name ?? "somebody"} <${email ?? "no mail"}>`,
        { store: "contacts", value: string() },
      ),
      toStream(),
      to(contacts),
    ),
  );
