/** Anything that a body may hold. */
export type Json = unknown;

/** A member of an object by its own name; `undefined` for anything else, inherited names included. */
export function memberOf(value: Json, name: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
    return undefined;
  return (value as Readonly<Record<string, Json>>)[name];
}
