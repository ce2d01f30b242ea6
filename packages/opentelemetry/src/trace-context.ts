import { createTraceState, type SpanContext, TraceFlags } from "@opentelemetry/api";
import type { Header, Headers } from "@millrace/streams";

const parentName = "traceparent";
const stateName = "tracestate";
/** W3C Trace Context: version, trace id, span id, flags; later versions may say more behind them. */
const parent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** The W3C context in headers, where it says that its trace is sampled; undefined otherwise, and where it says nothing. */
export const sampledContext = (headers: Headers): SpanContext | undefined => {
  // The last one, as Kafka's clients read headers.
  const said = last(headers, parentName);
  if (said === undefined) return undefined;
  const [, traceId, spanId, flags] = parent.exec(said.trim()) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const traceFlags = Number.parseInt(flags, 16);
  if ((traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
  const state = last(headers, stateName);
  return {
    traceId,
    spanId,
    traceFlags,
    isRemote: true,
    ...(state !== undefined && { traceState: createTraceState(state) }),
  };
};

/** The headers with another context in place of the one that they had. */
export const withContext = (
  headers: Headers,
  { traceId, spanId, traceFlags, traceState }: SpanContext,
): Headers => {
  const state = traceState?.serialize() ?? "";
  const flags = traceFlags.toString(16).padStart(2, "0");
  return [
    ...headers.filter(([name]) => name !== parentName && name !== stateName),
    header(parentName, `00-${traceId}-${spanId}-${flags}`),
    ...(state === "" ? [] : [header(stateName, state)]),
  ];
};

const header = (name: string, text: string): Header => [name, Buffer.from(text)];

const last = (headers: Headers, name: string): string | undefined => {
  for (let at = headers.length - 1; at >= 0; at--) {
    const [of, value] = headers[at] ?? [];
    if (of === name) return value?.toString("utf8");
  }
  return undefined;
};
