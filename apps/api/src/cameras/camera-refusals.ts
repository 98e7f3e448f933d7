import { RefusalError, refusal, type Result } from '#libs/base';
import type { CameraEntity } from './camera.entity.ts';

/** Refusals that more than one service of this slice says. */

export function cameraUnknown(): RefusalError {
  return new RefusalError(refusal('not-found', 'camera-unknown', 'there is no such camera'));
}

export function cameraPushed(): RefusalError {
  return new RefusalError(
    refusal('conflict', 'camera-pushed', 'it sends by itself and has no login: it has a publish key'),
  );
}

export function candidateUnknown(): RefusalError {
  return new RefusalError(refusal('not-found', 'candidate-unknown', 'there is no such candidate'));
}

export function codeTaken(code: string): RefusalError {
  return new RefusalError(
    refusal('conflict', 'camera-code-taken', `the code ${code} is or was another camera's`, { code }),
  );
}

export function alreadyAdopted({ id, code }: CameraEntity): RefusalError {
  return new RefusalError(
    refusal('conflict', 'camera-already-adopted', `this device is camera ${code} already`, { cameraId: id, code }),
  );
}

/** For the audit: how a try ended. */
export function outcomeOf(result: Result<unknown>): { outcome: 'done' | 'refused' | 'failed'; code?: string } {
  if (result.ok) return { outcome: 'done' };
  const { kind, code } = result.refusal;
  return { outcome: kind === 'peer-failed' ? 'failed' : 'refused', code };
}

/** @throws {RefusalError} what the result refuses with. */
export function valueOrThrow<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusalError(result.refusal);
}
