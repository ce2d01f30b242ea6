import {
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoRuntimeError,
  MongoServerError,
  MongoTopologyClosedError,
} from "mongodb";
import { expect, test } from "vitest";
import { MongoError } from "./mongo-error.ts";
import { isRetriable } from "./retriable.ts";

const answer = (code: number): MongoServerError => new MongoServerError({ errmsg: "no", code });

test.for([
  ["a connection that broke", new MongoNetworkError("connection 1 closed")],
  ["a client that never got connected", new MongoTopologyClosedError("Topology is closed")],
  ["a client that was closed", new MongoNotConnectedError("Client must be connected")],
  ["trouble of the driver that nobody foresaw", new MongoRuntimeError("it happens")],
  ["a primary that stepped down", answer(189)],
  ["a right that is missing", answer(13)],
  ["a login that is refused", answer(18)],
  ["an operation that somebody ended", answer(11_601)],
  ["a server without room for more in its cache", answer(365)],
  ["a quota that is used up", answer(8_000)],
  ["an answer whose server was restarted", answer(43)],
  ["a collection that was dropped while it was read", answer(175)],
  ["a transaction that took too long", answer(290)],
  ["a database that is being dropped", answer(215)],
  ["an attempt that was lost", new MongoError("MONGO_STALLED", "no answer", { retriable: true })],
] as const)("%s is worth another try", ([, error]) => {
  expect(isRetriable(error)).toBe(true);
});

test.for([
  ["a duplicate key", answer(11_000)],
  ["a document that fails validation", answer(121)],
  ["a document that the driver would not send", new MongoInvalidArgumentError("no such operation")],
  ["what is no document at all", new TypeError("circular")],
] as const)("%s is the record's doing", ([, error]) => {
  expect(isRetriable(error)).toBe(false);
});
