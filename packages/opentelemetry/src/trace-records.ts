import {
  type Attributes,
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { Headers, RecordTrace, RecordTracer, TracedRecord } from "@millrace/streams";
import { sampledContext, withContext } from "./trace-context.ts";

/**
 * Follows records whose headers hold a W3C context (`traceparent`, `tracestate`) of a sampled trace: for `tracer` of
 * `createApp`. Spans are named and described by OpenTelemetry's conventions for messaging: `process <topic>` for each record
 * that a task takes, in the trace that it came with; below it `<operator>` for each call of `mapAsync`, in whose context it
 * is made; `send <topic>` for what is given to a sink or a repartition topic, which goes with that span's context. What is
 * held back in a store goes with the context of the record that changed it last. Errors stand on the spans. Other records
 * have no spans.
 */
export const traceRecords = (tracer: Tracer): RecordTracer => ({
  begin: (record) => {
    const parent = sampledContext(record.headers);
    if (parent === undefined) return undefined;
    const within = trace.setSpanContext(ROOT_CONTEXT, parent);
    const span = tracer.startSpan(
      `process ${record.topic}`,
      { kind: SpanKind.CONSUMER, attributes: processed(record) },
      within,
    );
    return new FollowedRecord(tracer, span, trace.setSpan(within, span), record.headers);
  },
  sent: (topic, headers) => {
    const parent = sampledContext(headers);
    if (parent === undefined) return headers;
    const span = tracer.startSpan(
      `send ${topic}`,
      { kind: SpanKind.PRODUCER, attributes: messaging("send", topic) },
      trace.setSpanContext(ROOT_CONTEXT, parent),
    );
    span.end();
    return withContext(headers, span.spanContext());
  },
});

class FollowedRecord implements RecordTrace {
  readonly headers: Headers;
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #context: Context;
  /** The operators, until they have taken it, and calls that are under way: the span ends with the last. */
  #open = 1;

  constructor(tracer: Tracer, span: Span, within: Context, headers: Headers) {
    this.#tracer = tracer;
    this.#span = span;
    this.#context = within;
    this.headers = withContext(headers, span.spanContext());
  }

  run<T>(body: () => T): T {
    return context.with(this.#context, body);
  }

  call<T>(operator: string, body: () => Promise<T> | T): Promise<T> | T {
    const span = this.#tracer.startSpan(operator, { kind: SpanKind.INTERNAL }, this.#context);
    this.#open++;
    const ended = <R>(result: R): R => {
      span.end();
      this.end();
      return result;
    };
    const failed = (error: unknown): never => {
      fail(span, error);
      span.end();
      // Nothing more is tried: what a handler decides of it comes after this span.
      fail(this.#span, error);
      this.end();
      throw error;
    };
    let result: Promise<T> | T;
    try {
      result = context.with(trace.setSpan(this.#context, span), body);
    } catch (error) {
      return failed(error);
    }
    return isPromise(result) ? result.then(ended, failed) : ended(result);
  }

  failed(error: unknown): void {
    if (this.#open > 0) fail(this.#span, error);
  }

  end(): void {
    if (--this.#open === 0) this.#span.end();
  }
}

const fail = (span: Span, error: unknown): void => {
  const thrown = error instanceof Error ? error : new Error(String(error));
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : thrown.name;
  span.recordException(thrown);
  span.setAttribute("error.type", code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: thrown.message });
};

const isPromise = <T>(result: Promise<T> | T): result is Promise<T> =>
  typeof result === "object" && result !== null && "then" in result;

const messaging = (operation: "process" | "send", topic: string): Attributes => ({
  "messaging.system": "kafka",
  "messaging.operation.name": operation,
  "messaging.operation.type": operation,
  "messaging.destination.name": topic,
});

const processed = ({ topic, partition, offset, applicationId, taskId }: TracedRecord): Attributes => ({
  ...messaging("process", topic),
  "messaging.destination.partition.id": String(partition),
  "messaging.kafka.offset": offset,
  "messaging.consumer.group.name": applicationId,
  "millrace.task": taskId,
});
