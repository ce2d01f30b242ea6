/**
 * What an error of Kafka asks for.
 *
 * - `retry`: asking again can succeed with nothing changed on this side.
 * - `void`: this transaction, producer or membership is over; start over from the last commit.
 * - `record`: a broker refuses certain records, and would at any time; others need not wait.
 * - `fatal`: somebody has to act; the message says what to do.
 */
export type ErrorRank = "retry" | "void" | "record" | "fatal";
