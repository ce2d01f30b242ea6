import { days } from "@millrace/streams";

/**
 * How long the hours of a location and of its members are remembered, in stream time, ms. As long as the demand topic
 * keeps its records, and a day: whoever reads it from the beginning gets ahead in one partition, and with one
 * sub-location, while others are still weeks behind.
 */
export const locationMemory: number = days(31);
