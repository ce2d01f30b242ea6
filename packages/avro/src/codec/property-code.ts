/** A property in an object literal. As a plain name, "__proto__" would set the prototype. */
export const propertyCode = (name: string, value: string): string =>
  name === "__proto__" ? `["__proto__"]: ${value}` : `${JSON.stringify(name)}: ${value}`;
