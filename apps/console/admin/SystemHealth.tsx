import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { systemView, type SystemView } from '#libs/wire';
import { age, decimal } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Failed, Loading } from '../ui/States.tsx';

const REFRESH_MS = 5_000;
/** Outcomes of a position that was taken; all others are refusals. */
const TAKEN: ReadonlySet<string> = new Set(['live', 'late']);

/** How the parts of the system are, by the api that serves this page. */
export function SystemHealth() {
  const { say } = useWords();
  const { http } = useServices();
  const system = useQuery({
    queryKey: ['system'],
    queryFn: () => http.ask('GET', '/api/health/system', systemView),
    refetchInterval: REFRESH_MS,
  });
  if (system.error && !system.data) return <Failed code={codeOf(system.error)} onRetry={() => void system.refetch()} />;
  if (!system.data) return <Loading />;
  const view = system.data;
  return (
    <div className="stack ledger system">
      {system.error && <p className="notice notice--warn">{say('system.old')}</p>}
      <div className="ledger__facts">
        <Api view={view} />
        <Database view={view} />
        <LedgerCard ledger={view.ledger} />
        <Positions positions={view.positions} />
        {view.relays.map((relay) => (
          <Relay key={relay.id} relay={relay} />
        ))}
        {view.relays.length === 0 && <p className="notice notice--warn">{say('system.noRelay')}</p>}
      </div>
    </div>
  );
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="stack stack--tight ledger__card" aria-label={title}>
      <h2>{title}</h2>
      <dl className="ledger__list">{children}</dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Api({ view: { api, disk, serverNowMs } }: { readonly view: SystemView }) {
  const { say, language } = useWords();
  const gigabytes = (mb: number): string => `${decimal(mb / 1_024, 1, language)} GB`;
  return (
    <Card title={say('system.api')}>
      <Fact name={say('system.version')}>{`${api.version} · Node ${api.nodeVersion}`}</Fact>
      <Fact name={say('system.up')}>{age(serverNowMs - api.startedAtMs)}</Fact>
      <Fact name={say('system.memory')}>{api.memoryMb} MB</Fact>
      <Fact name={say('system.sockets')}>{api.openSockets}</Fact>
      <Fact name={say('system.disk')}>
        {disk ? say('system.disk.free', { free: gigabytes(disk.freeMb), total: gigabytes(disk.totalMb) }) : '–'}
      </Fact>
    </Card>
  );
}

function Database({ view: { database } }: { readonly view: SystemView }) {
  const { say, language } = useWords();
  if (!database) return <p className="notice notice--bad">{say('system.noDatabase')}</p>;
  return (
    <Card title={`PostgreSQL ${database.version}`}>
      <Fact name={say('system.latency')}>{decimal(database.latencyMs, 1, language)} ms</Fact>
      <Fact name={say('system.size')}>{database.sizeMb} MB</Fact>
    </Card>
  );
}

function LedgerCard({ ledger }: { readonly ledger: SystemView['ledger'] }) {
  const { say } = useWords();
  return (
    <Card title={say('admin.tab.ledger')}>
      <Fact name={say('system.head')}>{ledger.head}</Fact>
      <Fact name={say('system.writes')}>{say(ledger.writesHere ? 'system.writes.here' : 'system.writes.other')}</Fact>
      <Fact name={say('system.appended')}>{ledger.appended}</Fact>
      <Fact name={say('system.waiting')}>{ledger.waiting}</Fact>
      <Durations name={say('system.commands')} of={ledger.commands} />
    </Card>
  );
}

function Positions({ positions }: { readonly positions: SystemView['positions'] }) {
  const { say, sayError } = useWords();
  const { units } = positions;
  const outcomes = Object.entries(positions.outcomes);
  const taken = outcomes.filter(([outcome]) => TAKEN.has(outcome)).reduce((sum, [, count]) => sum + count, 0);
  return (
    <Card title={say('system.positions')}>
      <Fact name={say('system.units')}>
        {say('system.units.ages', { fresh: units.fresh, stale: units.stale, lost: units.lost })}
      </Fact>
      <Fact name={say('system.devices')}>{positions.devices}</Fact>
      <Fact name={say('system.taken')}>{taken}</Fact>
      {outcomes
        .filter(([outcome]) => !TAKEN.has(outcome))
        .toSorted((a, b) => b[1] - a[1])
        .map(([outcome, count]) => (
          <Fact key={outcome} name={sayError(outcome)}>
            {count}
          </Fact>
        ))}
      <Fact name={say('system.waiting')}>{positions.waiting}</Fact>
      <Durations name={say('system.storing')} of={positions.storing} />
    </Card>
  );
}

function Durations({ name, of }: { readonly name: string; readonly of: SystemView['ledger']['commands'] }) {
  const { say, language } = useWords();
  const ms = (value: number): string => `${decimal(value, 1, language)} ms`;
  return (
    <Fact name={name}>
      {of.count === 0
        ? '–'
        : say('system.durations', { median: ms(of.medianMs), p95: ms(of.p95Ms), max: ms(of.maxMs), count: of.count })}
    </Fact>
  );
}

function Relay({ relay }: { readonly relay: SystemView['relays'][number] }) {
  const { say } = useWords();
  const { ffmpeg } = relay;
  return (
    <Card title={say('system.relay', { id: relay.id })}>
      <Fact name={say('system.state')}>
        {say(relay.alive ? 'system.alive' : 'system.silent', { age: age(relay.heartbeatAgeMs) })}
      </Fact>
      <Fact name={say('system.version')}>{relay.version}</Fact>
      <Fact name="ffmpeg">
        {ffmpeg === null
          ? say('system.ffmpeg.unknown')
          : !ffmpeg.available
            ? say('system.ffmpeg.missing')
            : say(ffmpeg.canConvert ? 'system.ffmpeg.converts' : 'system.ffmpeg.snapshots', {
                running: ffmpeg.conversions,
                max: ffmpeg.maxConversions,
              })}
      </Fact>
    </Card>
  );
}
