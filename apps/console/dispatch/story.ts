import {
  ASSIGNMENT_PHASES,
  CHANNEL_CODES,
  DISMISSAL_CAUSES,
  DISPOSITIONS,
  AGENCY_CODES,
  ASSIGNMENT_END_CAUSES,
} from '#libs/dispatch';
import { ALARM_KINDS, type TimelineEntry } from '#libs/wire';
import { clockTime } from '../i18n/format.ts';
import type { Say } from '../i18n/messages.ts';

/** Names that ids of an event stand for, as the page knows them. */
export interface StoryNames {
  incidentCode(id: string): string;
  callSign(unitId: string): string;
  typeName(code: string): string;
}

/** One line of the timeline: what happened, and what somebody wrote with it. */
export interface StoryLine {
  readonly text: string;
  readonly note: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The event in words. Fields are read as what they may be: a field that was hidden or is new breaks no line. */
export function storyOf({ event, atMs, hidden }: TimelineEntry, say: Say, names: StoryNames): StoryLine {
  const fields = event as unknown as Fields;
  const note = textOf(fields['reason']) || textOf(fields['note']) || textOf(fields['outcome']);
  const line = (text: string, more = note): StoryLine => ({ text, note: more });
  const unit = names.callSign(textOf(fields['unitId']));
  switch (event.kind) {
    case 'incident:opened': {
      const channel = oneOf(CHANNEL_CODES, fields['channel']);
      return line(say('story.incident:opened', { channel: channel ? say(`channel.${channel}`) : '' }));
    }
    case 'incident:callAdded':
      return line(say('story.incident:callAdded', { caller: callerOf(fields) }).trim());
    case 'incident:classified': {
      const type = names.typeName(textOf(inside(fields, 'classification')['typeCode']));
      return line(say('story.incident:classified', { type, priority: textOf(fields['priority']) }));
    }
    case 'incident:prioritySet':
      return line(say('story.incident:prioritySet', { priority: textOf(fields['priority']) }));
    case 'incident:relocated': {
      const place = inside(fields, 'place');
      return line(
        say('story.incident:relocated', { place: textOf(place['address']) }).trim(),
        textOf(place['reference']),
      );
    }
    case 'incident:narrated': {
      const text = textOf(inside(fields, 'narrative')['text']);
      return line(say('story.incident:narrated'), text || (hidden.includes('texts') ? say('story.hidden') : ''));
    }
    case 'incident:linked':
    case 'incident:unlinked':
      return line(say(`story.${event.kind}`, { code: names.incidentCode(textOf(fields['otherId'])) }));
    case 'incident:alarmLinked': {
      const kind = oneOf(ALARM_KINDS, fields['alarmKind']);
      const startedAtMs = fields['startedAtMs'];
      const told = typeof startedAtMs === 'number' ? say('story.late', { time: clockTime(startedAtMs) }) : '';
      return line(say('story.incident:alarmLinked', { alarm: kind ? say(`alarm.${kind}`) : '' }), told);
    }
    case 'incident:merged':
      return line(say('story.incident:merged', { code: names.incidentCode(textOf(fields['survivorId'])) }));
    case 'incident:referred': {
      const agency = oneOf(AGENCY_CODES, fields['agency']);
      return line(say('story.incident:referred', { agency: agency ? say(`agency.${agency}`) : '' }));
    }
    case 'incident:referralTaken':
      return line(say('story.incident:referralTaken', { who: textOf(fields['takenBy']) }), textOf(fields['reference']));
    case 'incident:referralDeclined':
      return line(say('story.incident:referralDeclined', { who: textOf(fields['takenBy']) }));
    case 'incident:closed': {
      const disposition = oneOf(DISPOSITIONS, fields['disposition']);
      return line(say('story.incident:closed', { disposition: disposition ? say(`disposition.${disposition}`) : '' }));
    }
    case 'incident:dismissed': {
      const cause = oneOf(DISMISSAL_CAUSES, fields['cause']);
      return line(say('story.incident:dismissed', { cause: cause ? say(`dismissal.${cause}`) : '' }));
    }
    case 'assignment:made':
      return line(say('story.assignment:made', { unit }), textOf(inside(fields, 'override')['reason']));
    case 'assignment:advanced':
    case 'assignment:corrected': {
      const phase = oneOf(ASSIGNMENT_PHASES, fields['phase']);
      return line(
        say(`story.${event.kind}`, { unit, phase: phase ? say(`phase.${phase}`) : '' }),
        lateNote(fields, atMs, say),
      );
    }
    case 'assignment:ended': {
      const cause = oneOf(ASSIGNMENT_END_CAUSES, fields['cause']) ?? 'cleared';
      return line(say(`story.assignment:ended.${cause}`, { unit }));
    }
    case 'incident:masked':
    case 'incident:maskLifted':
    case 'incident:unmasked':
    case 'incident:backupRequested':
    case 'incident:controlled':
    case 'incident:reopened':
    case 'incident:amended':
      return line(say(`story.${event.kind}`));
    default:
      return line(say('story.other'));
  }
}

/** A crew without coverage tells later: then both times are shown. */
function lateNote(fields: Fields, atMs: number, say: Say): string {
  const reachedAtMs = fields['reachedAtMs'];
  const note = textOf(fields['destination']) || textOf(fields['reason']);
  if (typeof reachedAtMs !== 'number' || atMs - reachedAtMs < 5_000) return note;
  return [say('story.late', { time: clockTime(reachedAtMs) }), note].filter(Boolean).join(' · ');
}

function callerOf(fields: Fields): string {
  const call = inside(fields, 'call');
  return [textOf(call['callerName']), textOf(call['callerPhone'])].filter(Boolean).join(' · ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function inside(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function oneOf<T extends string>(all: readonly T[], value: unknown): T | undefined {
  return all.find((one) => one === value);
}
