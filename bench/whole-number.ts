/** A whole number from 1, as an option of a benchmark takes it. Throws with the option and what was given. */
export function positive(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option} takes whole numbers from 1, got "${text}"`);
  return value;
}
