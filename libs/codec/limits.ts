/** Widest and highest picture that is believed. H.264 level 6.2 and H.265 level 6.2 end at 16,888 (§A.3.1: sqrt(8 x MaxFS)). */
export const MAX_PICTURE_SIDE_PX = 16_384;

/** Longest parameter set that is kept. One with all scaling lists written out takes under 1,500 bytes. */
export const MAX_PARAMETER_SET_BYTES = 4_096;

/** Parameter sets of one kind that are kept at once. The specifications allow up to 256; cameras send 1 to 4. */
export const MAX_PARAMETER_SETS_PER_KIND = 16;
