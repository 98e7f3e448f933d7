import type { MessageKey } from '../i18n/messages.ts';

/** Actions that the audit names, in the order in which the filter offers them. */
const NAMES = {
  'session:start': 'action.session.start',
  'session:end': 'action.session.end',
  'account:create': 'action.account.create',
  'account:change': 'action.account.change',
  'account:password': 'action.account.password',
  'setting:change': 'action.setting.change',
  'request:refuse': 'action.request.refuse',
  'camera:watch': 'action.camera.watch',
  'camera:overview': 'action.camera.overview',
  'camera:adopt': 'action.camera.adopt',
  'camera:change': 'action.camera.change',
  'camera:audio': 'action.camera.audio',
  'camera:credential': 'action.camera.credential',
  'camera:rebind': 'action.camera.rebind',
  'camera:remove': 'action.camera.remove',
  'publisher:create': 'action.publisher.create',
  'publisher:change': 'action.publisher.change',
  'publisher:give-key': 'action.publisher.giveKey',
  'publisher:revoke-key': 'action.publisher.revokeKey',
  'candidate:test': 'action.candidate.test',
  'candidate:forget': 'action.candidate.forget',
  'discovery:start': 'action.discovery.start',
  'discovery:cancel': 'action.discovery.cancel',
  'zone:create': 'action.zone.create',
  'zone:change': 'action.zone.change',
  'zone:remove': 'action.zone.remove',
  'ledger:verify': 'action.ledger.verify',
  'alarm:acknowledge': 'action.alarm.acknowledge',
  'alarm-rule:change': 'action.alarm-rule.change',
  'alarm-schedule:change': 'action.alarm-schedule.change',
  'report:export': 'action.report.export',
  'replay:open': 'action.replay.open',
  'replay:export': 'action.replay.export',
} as const satisfies Readonly<Record<string, MessageKey>>;

export type KnownAction = keyof typeof NAMES;
export const ACTIONS = Object.keys(NAMES) as readonly KnownAction[];

/** The message that names an action; undefined for one this console does not know (it is then shown as it is). */
export function actionName(action: KnownAction): MessageKey & (typeof NAMES)[KnownAction];
export function actionName(action: string): (typeof NAMES)[KnownAction] | undefined;
export function actionName(action: string): (typeof NAMES)[KnownAction] | undefined {
  return Object.hasOwn(NAMES, action) ? NAMES[action as KnownAction] : undefined;
}

const OBJECTS = {
  session: 'object.session',
  account: 'object.account',
  camera: 'object.camera',
  candidate: 'object.candidate',
  discovery: 'object.discovery',
  zone: 'object.zone',
  alarm: 'object.alarm',
  setting: 'object.setting',
  ledger: 'object.ledger',
  report: 'object.report',
  replay: 'object.replay',
} as const satisfies Readonly<Record<string, MessageKey>>;

/** The message that names a kind of thing; undefined for one this console does not know. */
export function objectName(kind: string): (typeof OBJECTS)[keyof typeof OBJECTS] | undefined {
  return Object.hasOwn(OBJECTS, kind) ? OBJECTS[kind as keyof typeof OBJECTS] : undefined;
}
