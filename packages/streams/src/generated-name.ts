/**
 * Whether Kafka Streams gives such names itself, numbered, to what its user leaves unnamed. A topology that comes from
 * there is given them, so that it finds its topics; its processors are then described as the unnamed ones that they were.
 */
export const isGeneratedName = (name: string): boolean => /-\d{10}$/.test(name);
