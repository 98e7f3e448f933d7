import { useState } from 'react';
import './alarms.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ALARM_KINDS, ALARM_STANDINGS, alarmPage, type AlarmView, type CameraView } from '#libs/wire';
import { countUp, dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs, useServices } from '../live/services.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { AlarmMark } from './AlarmMark.tsx';
import { Choice } from './Choice.tsx';

const PAGE = 50;
const DAYS = ['1', '7', '30'] as const;

interface Filter {
  readonly cameraId: string;
  readonly kind: string;
  readonly standing: string;
  readonly raised: string;
  readonly days: string;
}
const EVERYTHING: Filter = { cameraId: '', kind: '', standing: '', raised: '', days: '' };

/** Every alarm that there was, newest first. */
export function AlarmsTab({ cameras }: { readonly cameras: readonly CameraView[] }) {
  const { say } = useWords();
  const { http, live } = useServices();
  const [filter, setFilter] = useState(EVERYTHING);
  const set = (change: Partial<Filter>): void => setFilter({ ...filter, ...change });
  const history = useInfiniteQuery({
    queryKey: ['alarms', filter],
    queryFn: ({ pageParam }) => http.ask('GET', addressOf(filter, live.serverClock.nowMs(), pageParam), alarmPage),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextBefore,
    refetchInterval: 15_000,
  });
  const alarms = history.data?.pages.flatMap((page) => page.alarms) ?? [];
  return (
    <div className="stack">
      <div className="alarms__tools">
        <Choice
          label={say('alarms.filter.camera')}
          value={filter.cameraId}
          onChange={(cameraId) => set({ cameraId })}
          options={cameras.map(({ id, code, name }) => ({ value: id, words: `${code} ${name}` }))}
        />
        <Choice
          label={say('alarms.filter.kind')}
          value={filter.kind}
          onChange={(kind) => set({ kind })}
          options={ALARM_KINDS.map((kind) => ({ value: kind, words: say(`alarm.${kind}`) }))}
        />
        <Choice
          label={say('alarms.filter.standing')}
          value={filter.standing}
          onChange={(standing) => set({ standing })}
          options={ALARM_STANDINGS.map((one) => ({ value: one, words: say(`alarms.standing.${one}`) }))}
        />
        <Choice
          label={say('alarms.filter.raised')}
          value={filter.raised}
          onChange={(raised) => set({ raised })}
          options={[
            { value: 'true', words: say('alarms.raised') },
            { value: 'false', words: say('alarms.recorded') },
          ]}
        />
        <Choice
          label={say('alarms.filter.days')}
          value={filter.days}
          onChange={(days) => set({ days })}
          all={say('alarms.days.all')}
          options={DAYS.map((days) => ({ value: days, words: say(`alarms.days.${days}`) }))}
        />
      </div>
      {history.error && <Failed code={codeOf(history.error)} onRetry={() => void history.refetch()} />}
      {history.isPending && <Loading />}
      {history.data && alarms.length === 0 && <Empty icon="warning" title={say('alarms.history.none')} />}
      {alarms.length > 0 && <Table alarms={alarms} cameras={cameras} />}
      {history.hasNextPage && (
        <button
          type="button"
          className="button button--start"
          onClick={() => void history.fetchNextPage()}
          disabled={history.isFetchingNextPage}
        >
          {say('audit.more')}
        </button>
      )}
    </div>
  );
}

const DAY_MS = 86_400_000;

function addressOf({ days, ...filter }: Filter, nowMs: number, before: string | null): string {
  const query = new URLSearchParams({ limit: String(PAGE) });
  for (const [name, value] of Object.entries(filter)) if (value !== '') query.set(name, value);
  if (days !== '') query.set('fromMs', String(Math.round(nowMs - Number(days) * DAY_MS)));
  if (before !== null) query.set('before', before);
  return `/api/alarms?${query}`;
}

function Table({
  alarms,
  cameras,
}: {
  readonly alarms: readonly AlarmView[];
  readonly cameras: readonly CameraView[];
}) {
  const { say } = useWords();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={say('alarms.history')}>
      <table className="table alarms__table">
        <thead>
          <tr>
            <th scope="col">{say('alarms.when')}</th>
            <th scope="col">{say('alarms.what')}</th>
            <th scope="col">{say('alarms.filter.camera')}</th>
            <th scope="col">{say('alarms.length')}</th>
            <th scope="col">{say('alarms.seen')}</th>
          </tr>
        </thead>
        <tbody>
          {alarms.map((alarm) => (
            <Line key={alarm.id} alarm={alarm} name={cameras.find(({ id }) => id === alarm.cameraId)?.name ?? ''} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ alarm, name }: { readonly alarm: AlarmView; readonly name: string }) {
  const { say, sayReason } = useWords();
  const { kind, detail, raised, repeats, startedAtMs, endedAtMs, endCause, acknowledgedAtMs } = alarm;
  return (
    <tr>
      <td>
        <code>{dateTime(startedAtMs)}</code>
      </td>
      <td>
        <span className="alarms__kind">
          <AlarmMark kind={kind} />
          {say(`alarm.${kind}`)}
          {repeats > 0 && <span className="alarm__times">×{repeats + 1}</span>}
        </span>
        <small className="table__reason">
          {say(raised ? 'alarms.raised' : 'alarms.recorded')}
          {detail !== '' && ` · ${kind === 'camera-offline' ? sayReason(detail) : detail}`}
        </small>
      </td>
      <td>
        <b>{alarm.cameraCode}</b> {name}
      </td>
      <td>
        {endedAtMs === null ? <Running sinceMs={startedAtMs} /> : <code>{countUp(endedAtMs - startedAtMs)}</code>}
        {endCause && endCause !== 'cleared' && <small className="table__reason">{say(`alarms.end.${endCause}`)}</small>}
      </td>
      <td>
        {acknowledgedAtMs === null ? (
          <span className={raised ? 'alarms__waits' : ''}>{raised ? say('alarms.waits') : '–'}</span>
        ) : (
          <>
            {alarm.acknowledgedBy}
            <small className="table__reason">
              {dateTime(acknowledgedAtMs)}
              {alarm.note && ` · ${alarm.note}`}
              {alarm.incident && ` · ${say('alarms.became', { code: alarm.incident.code })}`}
            </small>
          </>
        )}
      </td>
    </tr>
  );
}

function Running({ sinceMs }: { readonly sinceMs: number }) {
  const { say } = useWords();
  const nowMs = useServerNowMs();
  return (
    <>
      <code>{countUp(nowMs - sinceMs)}</code>
      <small className="table__reason">{say('alarms.goesOn')}</small>
    </>
  );
}
