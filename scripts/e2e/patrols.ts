import { systemClock, uuidV7 } from '#libs/base';
import type { ApiClient } from './api-client.ts';

export interface Patrol {
  readonly callSign: string;
  readonly kind: 'MOV' | 'MOT' | 'PIE' | 'PI';
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
}

/** What every command carries. */
export function envelope(): { commandId: string; sentAtMs: number } {
  return { commandId: uuidV7(systemClock.nowMs()), sentAtMs: systemClock.nowMs() };
}

/** Registers a unit, signs its crew on, and lets its phone say where it is, all by the public interface. Answers its id. */
export async function putOnDuty(api: ApiClient, url: string, patrol: Patrol): Promise<string> {
  const unitId = uuidV7(systemClock.nowMs());
  const { callSign, kind } = patrol;
  const profile = { callSign, kind, vehicle: null, equipment: [], sectorId: null, checkInEveryMs: null };
  await api.post('/api/units', { ...envelope(), unitId, profile });
  const crew = [{ staffId: uuidV7(systemClock.nowMs()), name: 'Juan Mamani', post: 'driver', skills: [] }];
  const duty = { kind: 'startDuty', shiftId: null, crew, startKm: null, overrideReason: 'prueba de despacho' };
  await api.post(`/api/units/${unitId}/duty`, { ...envelope(), ...duty });
  const device = await api.post<{ osmAndPath: string }>(`/api/units/${unitId}/devices`, { name: 'celular' });
  await reportFix(url, device.osmAndPath, patrol);
  return unitId;
}

async function reportFix(url: string, path: string, { latitudeDeg, longitudeDeg }: Patrol): Promise<void> {
  const query = new URLSearchParams({
    lat: String(latitudeDeg),
    lon: String(longitudeDeg),
    timestamp: String(Math.floor(systemClock.nowMs() / 1_000)),
    id: 'celular',
    speed: '4',
    bearing: '300',
    accuracy: '6',
  });
  const answer = await fetch(`${url}${path}?${query}`);
  if (!answer.ok) throw new Error(`the fix was answered with ${answer.status}: ${await answer.text()}`);
}
