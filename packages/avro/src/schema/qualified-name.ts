/** A type's name with its namespace, as Avro's specification puts them together. */
export interface QualifiedName {
  readonly name: string;
  readonly space: string;
  readonly fullName: string;
}

/** Dots in the name win over the namespace given; an empty namespace is none. */
export const qualifiedName = (text: string, namespace: string): QualifiedName => {
  const dot = text.lastIndexOf(".");
  const name = text.slice(dot + 1);
  const space = dot < 0 ? namespace : text.slice(0, dot);
  return { name, space, fullName: space === "" ? name : `${space}.${name}` };
};

const validName = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

/** Whether Avro's Java library takes it for a name: letters of any alphabet, digits, underscores. */
export const isName = (text: string): boolean => validName.test(text);
