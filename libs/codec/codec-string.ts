import type { ProfileTierLevel } from './h265-profile.ts';

/** `avc1.PPCCLL`: bytes 1..3 of the SPS in hexadecimal (RFC 6381 §3.3). */
export function h264CodecString(profileIdc: number, constraintFlags: number, levelIdc: number): string {
  return `avc1.${hexByte(profileIdc)}${hexByte(constraintFlags)}${hexByte(levelIdc)}`;
}

/**
 * `hvc1.<profile>.<compatibility>.<tier and level>.<constraints>` (ISO/IEC 14496-15 §E.3): the compatibility flags in
 * reverse bit order, trailing zero bytes of the constraints left out.
 */
export function h265CodecString(profile: ProfileTierLevel): string {
  const space = ['', 'A', 'B', 'C'][profile.profileSpace] ?? '';
  const compatibility = reverseBits(profile.profileCompatibility).toString(16).toUpperCase();
  const tier = profile.isHighTier ? 'H' : 'L';
  const parts = ['hvc1', `${space}${profile.profileIdc}`, compatibility, `${tier}${profile.levelIdc}`];
  const constraints = [...profile.constraintFlags];
  while (constraints.at(-1) === 0) constraints.pop();
  return [...parts, ...constraints.map(hexByte)].join('.');
}

function hexByte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}

/** Bit 31 becomes bit 0; the result is unsigned. */
function reverseBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) reversed = reversed * 2 + ((value >>> bit) & 1);
  return reversed;
}
