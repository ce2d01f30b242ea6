import { isIPv6 } from "node:net";

const form = /^(?:\[(?<ipv6>[^\]]+)\]|[^\s:[\]/@]+):(?<port>\d{1,5})$/;

/** Of `host:port,[IPv6 address]:port,...`: the addresses, and those among them that are none. */
export const brokerList = (
  text: string,
): { readonly brokers: readonly string[]; readonly wrong: readonly string[] } => {
  const brokers = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  return { brokers, wrong: brokers.filter((entry) => !isAddress(entry)) };
};

const isAddress = (text: string): boolean => {
  const { ipv6, port } = form.exec(text)?.groups ?? {};
  return (ipv6 === undefined || isIPv6(ipv6)) && Number(port) >= 1 && Number(port) <= 65_535;
};
