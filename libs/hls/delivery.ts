import { ok, refusal, refused, type Refusal, type Result } from '#libs/base';
import { TIMESCALE } from '#libs/fmp4';
import type { SegmentWindow } from './segment-window.ts';

/** What a reader asks of a playlist: delivery directives, draft-pantos-hls-rfc8216bis §6.2.5. */
export interface Delivery {
  /** `_HLS_msn`: not before this segment is in it... */
  readonly sequence?: number;
  /** `_HLS_part`: ...or this part of that segment. */
  readonly part?: number;
  /** `_HLS_skip`: without what the reader has already. */
  readonly skips: boolean;
}

const MAX_DIGITS = 12;
const NUMBER = /^\d+$/;
/** Segments behind the newest one that may be waited for (§6.2.5.2). */
const MAX_SEGMENTS_AHEAD = 2;
/** Seconds of parts behind the newest one that may be waited for: the Advance Part Limit (§6.2.5.2). */
const ADVANCE_PARTS_S = 3;

/** @param value what stands in the query under a name; undefined when the name is not there */
export function readDelivery(value: (name: string) => string | undefined): Result<Delivery> {
  const skip = value('_HLS_skip');
  const sequence = value('_HLS_msn');
  const part = value('_HLS_part');
  for (const [name, text] of Object.entries({ _HLS_msn: sequence, _HLS_part: part })) {
    if (text !== undefined && (text.length > MAX_DIGITS || !NUMBER.test(text))) {
      return refused(refusal('bad-input', 'directive-not-a-number', `${name} must be a whole number from 0`));
    }
  }
  if (part !== undefined && sequence === undefined) {
    return refused(refusal('bad-input', 'directive-incomplete', '_HLS_part needs _HLS_msn'));
  }
  if (skip !== undefined && skip !== 'YES' && skip !== 'v2') {
    return refused(refusal('bad-input', 'directive-unknown', '_HLS_skip must be YES or v2'));
  }
  return ok({
    ...(sequence !== undefined && { sequence: Number(sequence) }),
    ...(part !== undefined && { part: Number(part) }),
    skips: skip !== undefined,
  });
}

/** Whether the playlist as it is now can be sent, has to be waited for, or can never be waited for so long. */
export function judgeDelivery(window: SegmentWindow, delivery: Delivery): 'ready' | 'wait' | Refusal {
  const { sequence, part } = delivery;
  if (sequence === undefined) return 'ready';
  if (sequence > window.lastClosed + MAX_SEGMENTS_AHEAD || isPartTooFar(window, sequence, part ?? 0)) return TOO_FAR;
  const reached = part === undefined ? window.lastClosed >= sequence : hasPart(window, sequence, part);
  return reached ? 'ready' : 'wait';
}

const TOO_FAR = refusal(
  'bad-input',
  'directive-too-far',
  `_HLS_msn may be ${MAX_SEGMENTS_AHEAD} past the newest segment, _HLS_part ${ADVANCE_PARTS_S} s past the newest part`,
);

function isPartTooFar(window: SegmentWindow, sequence: number, part: number): boolean {
  if (sequence <= window.lastClosed) return false;
  const partS = (window.partTargetTicks ?? TIMESCALE) / TIMESCALE;
  const limit = partS < 1 ? Math.ceil(ADVANCE_PARTS_S / partS) : ADVANCE_PARTS_S;
  const known = window.open?.sequence === sequence ? window.open.parts.length : 0;
  return part >= known + limit;
}

/** A part behind the last one of a closed segment means the first one of the next (§6.2.5.2). */
function hasPart(window: SegmentWindow, sequence: number, part: number): boolean {
  const { lastClosed, open } = window;
  if (sequence < lastClosed) return true;
  const openParts = open?.parts.length ?? 0;
  if (sequence > lastClosed) return open?.sequence === sequence && openParts > part;
  const closed = window.find(sequence);
  return openParts > 0 || (closed !== undefined && part < closed.parts.length);
}
