/** One line of Prometheus' text format. */
export interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: -?\d+)?$/;
const label = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)",?/g;
const escapes: Readonly<Record<string, string>> = { n: "\n" };

/** The samples whose names begin with that; comments and lines that can't be read are left out. */
export const parsePrometheus = (text: string, prefix: string): readonly PrometheusSample[] => {
  const samples: PrometheusSample[] = [];
  for (const line of text.split("\n")) {
    if (!line.startsWith(prefix)) continue;
    const [, name, labels = "", value] = sampleLine.exec(line) ?? [];
    if (name !== undefined) samples.push({ name, labels: labelsOf(labels), value: numberOf(value ?? "") });
  }
  return samples;
};

const labelsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(label)].map(([, name = "", value = ""]) => [
      name,
      value.replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char),
    ]),
  );

const numberOf = (text: string): number =>
  text === "+Inf" ? Infinity : text === "-Inf" ? -Infinity : Number(text);
