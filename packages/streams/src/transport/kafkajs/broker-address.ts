import { isIPv6 } from "node:net";
import { MillraceError } from "../../errors.ts";

const form = /^(?:\[(?<ipv6>[^\]]+)\]|(?<name>[^\s:[\]/@]+)):(?<port>\d{1,5})$/;

/** Host and port of `host:port` or `[IPv6 address]:port`; throws a MillraceError `CONFIG` on anything else. */
export const brokerAddress = (text: string): { readonly host: string; readonly port: number } => {
  const { ipv6, name, port: digits } = form.exec(text)?.groups ?? {};
  const host = ipv6 !== undefined && !isIPv6(ipv6) ? undefined : (ipv6 ?? name);
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535)
    throw new MillraceError(
      `"${text}" is no address of a Kafka broker; it must be host:port or [IPv6 address]:port, with a port from 1 to 65535`,
      { code: "CONFIG" },
    );
  return { host, port };
};
