import { DISPATCH_EVENT_KINDS, UNIT_STATUSES, type DispatchEventKind } from '#libs/dispatch';
import type { ReplayChangeView, TimelineEntry } from '#libs/wire';
import { storyOf, type StoryLine, type StoryNames } from '../dispatch/story.ts';
import { MESSAGES, type MessageKey, type Say } from '../i18n/messages.ts';

/** One entry of the log in words. Kinds that this page has no words for are named as the ledger names them. */
export function lineOf({ seq, atMs, line }: ReplayChangeView, say: Say, names: StoryNames): StoryLine {
  const { kind } = line!.event;
  const unit = names.callSign(String(line!.event['unitId'] ?? ''));
  if (kind === 'unit:statusChanged') {
    const status = UNIT_STATUSES.find((one) => one === line!.event['status']);
    return {
      text: say('replay.unit.unit:statusChanged', { unit, status: status ? say(`unit.status.${status}`) : '' }),
      note: '',
    };
  }
  if (isUnitKind(kind)) return { text: say(`replay.unit.${kind}`, { unit }), note: '' };
  if (!isDispatchKind(kind)) return { text: ledgerName(kind, say), note: '' };
  return storyOf(
    { ...line!, seq, atMs, hidden: line!.hidden as TimelineEntry['hidden'], event: { ...line!.event, kind } },
    say,
    names,
  );
}

type UnitKind = Exclude<Extract<DispatchEventKind, `unit:${string}`>, 'unit:statusChanged'>;

function isDispatchKind(kind: string): kind is DispatchEventKind {
  return (DISPATCH_EVENT_KINDS as readonly string[]).includes(kind);
}

function isUnitKind(kind: string): kind is UnitKind {
  return isDispatchKind(kind) && kind.startsWith('unit:');
}

function ledgerName(kind: string, say: Say): string {
  const key = `ledgerKind.${kind}`;
  return Object.hasOwn(MESSAGES.es, key) ? (say as (key: MessageKey) => string)(key as MessageKey) : kind;
}
