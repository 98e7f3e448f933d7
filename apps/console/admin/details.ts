import { ROLES } from '#libs/access';
import { ALARM_KINDS, PUBLISHER_KINDS, RISK_LEVELS } from '#libs/wire';
import type { MessageKey, Say } from '../i18n/messages.ts';

/** What entries of the audit tell, by the names that the server writes. What is not here is shown as it is. */
const LABELS = {
  code: 'edit.code',
  name: 'edit.name',
  displayName: 'accounts.name',
  username: 'signIn.username',
  role: 'accounts.role',
  reason: 'remove.reason',
  host: 'device.host',
  serialNumber: 'device.serial',
  manufacturer: 'detail.manufacturer',
  model: 'detail.model',
  kind: 'detail.kind',
  holder: 'publishers.holder',
  streamName: 'publishers.address',
  target: 'detail.target',
  riskLevel: 'zones.level',
  corners: 'detail.corners',
  outline: 'detail.outline',
  notes: 'zones.notes',
  password: 'signIn.password',
  disabled: 'detail.disabled',
  latitudeDeg: 'aim.latitude',
  longitudeDeg: 'aim.longitude',
  bearingDeg: 'aim.bearing',
  fieldOfViewDeg: 'aim.angle',
  rangeM: 'aim.range',
  place: 'aim.title',
  from: 'detail.from',
  to: 'detail.to',
  permission: 'detail.permission',
  route: 'detail.route',
  knownAccount: 'detail.knownAccount',
  firstAccounts: 'detail.firstAccounts',
  note: 'alarms.note',
  startedAt: 'alarms.when',
} as const satisfies Readonly<Record<string, MessageKey>>;

const DISCOVERY_KINDS = ['multicast', 'sweep', 'address'] as const;
const UNIT: Readonly<Record<string, string>> = { rangeM: ' m', bearingDeg: '°', fieldOfViewDeg: '°' };
/** For machines that join entries; a person has the serial number and the address. */
const FOR_MACHINES = new Set(['endpointReference', 'cameraId']);

/** An entry's details as short sentences: `Rol: Operación de cámaras`, `Alcance: 80 m → 237 m`. */
export function detailsOf(details: Readonly<Record<string, unknown>>, objectKind: string | null, say: Say): string[] {
  return Object.entries(details).flatMap(([key, value]) => {
    if (FOR_MACHINES.has(key) || value === null) return [];
    const text = valueText(key, value, say);
    // An entry about a camera that tells `camera: C-01` names the camera: that needs no label.
    if (key === objectKind) return [text];
    return [`${Object.hasOwn(LABELS, key) ? say(LABELS[key as keyof typeof LABELS]) : key}: ${text}`];
  });
}

function valueText(key: string, value: unknown, say: Say): string {
  if (Array.isArray(value) && value.length === 2) return value.map((one) => valueText(key, one, say)).join(' → ');
  if (value === null || value === '') return '–';
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  if (value === 'changed') return say('detail.changed');
  const role = key === 'role' ? oneOf(ROLES, value) : undefined;
  if (role) return say(`role.${role}`);
  const level = key === 'riskLevel' ? oneOf(RISK_LEVELS, value) : undefined;
  if (level) return say(`risk.${level}`);
  const kind = key === 'kind' ? oneOf(DISCOVERY_KINDS, value) : undefined;
  if (kind) return say(`discovery.${kind}`);
  const alarm = key === 'kind' ? oneOf(ALARM_KINDS, value) : undefined;
  if (alarm) return say(`alarm.${alarm}`);
  const publisher = key === 'kind' ? oneOf(PUBLISHER_KINDS, value) : undefined;
  if (publisher) return say(`publisherKind.${publisher}`);
  const unit = UNIT[key] ?? '';
  return `${typeof value === 'string' ? value : JSON.stringify(value)}${unit}`;
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}
