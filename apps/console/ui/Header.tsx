import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { SessionView } from '#libs/wire';
import { clockTime, date } from '../i18n/format.ts';
import type { MessageKey } from '../i18n/messages.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs, useTopic } from '../live/services.tsx';
import { Brand } from './Brand.tsx';
import { ConnectionBadge } from './ConnectionBadge.tsx';
import { Icon, type IconName } from './Icon.tsx';
import { UserMenu } from './UserMenu.tsx';
import { may } from './session.ts';

export type PageName =
  'town' | 'dispatch' | 'wall' | 'cameras' | 'shifts' | 'admin' | 'reports' | 'replay' | 'units' | 'places';

interface Link {
  readonly page: PageName;
  readonly href: string;
  readonly label: MessageKey;
  readonly icon: IconName;
}

const LINKS = [
  { page: 'town', href: '/', label: 'nav.town', icon: 'map' },
  { page: 'dispatch', href: '/dispatch', label: 'nav.dispatch', icon: 'radio' },
  { page: 'wall', href: '/wall', label: 'nav.wall', icon: 'wall' },
  { page: 'cameras', href: '/cameras', label: 'nav.cameras', icon: 'camera' },
  { page: 'shifts', href: '/shifts', label: 'nav.shifts', icon: 'user' },
  { page: 'reports', href: '/reports', label: 'nav.reports', icon: 'chart' },
  { page: 'units', href: '/units', label: 'nav.units', icon: 'user' },
  { page: 'places', href: '/places', label: 'nav.places', icon: 'zone' },
  { page: 'admin', href: '/admin', label: 'nav.admin', icon: 'shield' },
  { page: 'replay', href: '/replay', label: 'nav.replay', icon: 'rewind' },
] as const satisfies readonly Link[];

/** The top of every desk page. */
export function Header({
  page,
  session,
  live = true,
  children = <Counters />,
}: {
  readonly page: PageName;
  readonly session: SessionView;
  /** `false` on a page of the past: neither the line nor the hour of now stand on it. */
  readonly live?: boolean;
  /** What this page counts; the cameras where it says nothing. */
  readonly children?: ReactNode;
}) {
  const { say } = useWords();
  return (
    <header className="header">
      <Brand />
      <span className="header__centre">{say('centre.name')}</span>
      {children}
      <nav className="header__nav" aria-label={say('nav.label')}>
        {LINKS.filter((link) => isOpen(link.page, session)).map((link) => (
          <a
            key={link.page}
            href={link.href}
            title={say(link.label)}
            aria-current={link.page === page ? 'page' : undefined}
          >
            <Icon name={link.icon} />
            <span className="header__word">{say(link.label)}</span>
          </a>
        ))}
      </nav>
      {live && <ConnectionBadge />}
      <UserMenu session={session} />
      {live && <ClockFace />}
    </header>
  );
}

/** A page is offered to those who would not be refused there. */
function isOpen(page: PageName, session: SessionView): boolean {
  if (page === 'dispatch') return may(session, 'incident:view');
  if (page === 'wall') return may(session, 'camera:watch');
  if (page === 'cameras') return may(session, 'camera:view');
  if (page === 'shifts') return may(session, 'shift:view');
  if (page === 'reports') return may(session, 'report:view');
  if (page === 'replay') return may(session, 'replay:view');
  if (page === 'units') return may(session, 'unit:manage');
  if (page === 'places') return may(session, 'zone:manage');
  if (page === 'admin') return may(session, 'account:manage') || may(session, 'audit:read');
  return true;
}

/** How many cameras give a picture, how many rest and would give one, and how many do not. */
export function Counters() {
  const { say } = useWords();
  const cameras = useTopic('cameras');
  if (cameras.kind !== 'ready') return <span className="counters" />;
  const up = cameras.items.filter(({ health }) => health.state === 'online' || health.state === 'degraded').length;
  const resting = cameras.items.filter(({ health }) => health.state === 'standby').length;
  const away = cameras.items.length - up - resting;
  return (
    <span className="counters">
      <span>
        <b>{up}</b> {say(up === 1 ? 'count.online.one' : 'count.online')}{' '}
        <small>{say('count.of', { total: cameras.items.length })}</small>
      </span>
      {resting > 0 && (
        <span>
          <b>{resting}</b> {say('count.resting')}
        </span>
      )}
      {away > 0 && (
        <span className="counters__away">
          <b>{away}</b> {say('count.away')}
        </span>
      )}
      <Announcer text={away > 0 ? say('count.announce', { up, away }) : ''} />
    </span>
  );
}

/** Says a change to readers, and not the first state of a page that has just opened. */
function Announcer({ text }: { readonly text: string }) {
  const last = useRef(text);
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    if (text === last.current) return;
    last.current = text;
    setSpoken(text);
  }, [text]);
  return (
    <span className="sr-only" aria-live="polite">
      {spoken}
    </span>
  );
}

export function ClockFace() {
  const nowMs = useServerNowMs();
  return (
    <time className="clock" dateTime={new Date(nowMs).toISOString()} title={date(nowMs)}>
      {clockTime(nowMs)}
    </time>
  );
}
