/** Largest video message that is looked at. A key frame of 4K at 50 Mbit/s stays under 2 MB. */
export const MAX_VIDEO_TAG_BYTES = 4 * 1024 * 1024;

/** NAL units of one picture. Level 6.2 of H.264 and of H.265 allow 600 slices (§A.3.4, §A.4.1); encoders send 1 to 16. */
export const MAX_NALS_PER_TAG = 1_024;

/** Parameter sets of one decoder configuration record: 31 SPS and 255 PPS could be written; encoders write 1 and 1. */
export const MAX_RECORD_SETS = 32;

/** Longest decoder configuration record that is read. */
export const MAX_RECORD_BYTES = 16 * 1024;

/** Composition times further from the decode time than this are none: 16 pictures at one a second (H.264 §A.3.1). */
export const MAX_COMPOSITION_MS = 16_000;

/** So many pictures without a readable configuration mean that none will come. */
export const MAX_TAGS_WITHOUT_CONFIGURATION = 150;

/** So many unreadable tags one after another mean that this is no video of a kind that we know. */
export const MAX_MALFORMED_TAGS = 100;
