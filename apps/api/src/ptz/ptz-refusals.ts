import { RefusalError, refusal, type Refusal } from '#libs/base';
import type { PtzRefusal } from '#libs/ptz';

const MESSAGES: Readonly<Record<PtzRefusal['code'], string>> = {
  'ptz-held': 'somebody else steers this camera',
  'ptz-reserved': 'somebody else has reserved this camera',
  'ptz-not-holder': 'the camera is not yours to stop or to let go',
  'ptz-reservation-bounds': 'a reservation lasts 1 to 60 minutes',
};

/** With who is in the way and until when, by the wall clock. */
export function refusedBy({ code, holder, untilMs, mayTakeOver }: PtzRefusal, wallOf: (ms: number) => number): Refusal {
  const details = {
    holder: holder?.displayName ?? null,
    untilMs: untilMs === null ? null : wallOf(untilMs),
    mayTakeOver,
  };
  return refusal(code === 'ptz-reservation-bounds' ? 'bad-input' : 'conflict', code, MESSAGES[code], details);
}

export function noPtz(): Refusal {
  return refusal('conflict', 'ptz-none', 'this camera cannot be steered');
}

export function overtaken(): Refusal {
  return refusal('conflict', 'ptz-overtaken', 'somebody else took the camera before the order reached it');
}

export function tourUnknown(): RefusalError {
  return new RefusalError(refusal('not-found', 'ptz-tour-unknown', 'there is no such tour'));
}
