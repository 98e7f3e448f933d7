/**
 * Walks the NAL units of a picture, each behind its length (ISO/IEC 14496-15 §5.3.3): `onNal` gets `body[from..to)`. Hot path.
 * @returns `false`: they do not fill the body exactly, or are more than `maxNals`; those before the break were told
 */
export function walkNalUnits(
  body: Buffer,
  from: number,
  lengthBytes: 1 | 2 | 4,
  maxNals: number,
  onNal: (from: number, to: number) => void,
): boolean {
  let at = from;
  for (let count = 0; at + lengthBytes <= body.length && count < maxNals; count++) {
    const start = at + lengthBytes;
    const end = start + body.readUIntBE(at, lengthBytes);
    if (end > body.length) return false;
    onNal(start, end);
    at = end;
  }
  return at === body.length;
}
