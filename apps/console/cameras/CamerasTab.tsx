import { useState } from 'react';
import type { CameraView } from '#libs/wire';
import { age, decimal, signedDuration } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { may } from '../ui/session.ts';
import { Thumbnail } from '../player/Thumbnail.tsx';
import { matches } from '../town/camera-filter.ts';
import { CameraEditor } from './CameraEditor.tsx';
import type { DeskProps } from './desk.ts';
import { FirstSteps } from './FirstSteps.tsx';

export interface CamerasTabProps extends DeskProps {
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
}

/** Every adopted camera with its health; choosing one opens its editor. */
export function CamerasTab(props: CamerasTabProps) {
  const { town, selectedId, onSelect } = props;
  const { say } = useWords();
  const [text, setText] = useState('');
  const selected = town.cameras.find(({ id }) => id === selectedId);
  if (town.camerasState.kind === 'refused') return <Failed code={town.camerasState.code} />;
  if (town.camerasState.kind === 'loading') return <Loading />;
  if (selected) return <CameraEditor key={selected.id} {...props} camera={selected} onClose={() => onSelect(null)} />;
  if (town.cameras.length === 0) {
    return may(props.session, 'camera:manage') ? (
      <FirstSteps />
    ) : (
      <Empty icon="camera" title={say('list.none')}>
        <p>{say('list.none.ask')}</p>
      </Empty>
    );
  }
  const shown = town.cameras.filter((camera) => matches(camera, text, 'all'));
  return (
    <div className="stack">
      <label className="search">
        <Icon name="search" />
        <span className="sr-only">{say('list.search')}</span>
        <input
          type="search"
          value={text}
          placeholder={say('list.search')}
          onChange={(event) => setText(event.target.value)}
          maxLength={60}
        />
      </label>
      <CameraTable cameras={shown} canWatch={may(props.session, 'camera:watch')} onSelect={onSelect} />
    </div>
  );
}

function CameraTable({
  cameras,
  canWatch,
  onSelect,
}: {
  readonly cameras: readonly CameraView[];
  readonly canWatch: boolean;
  readonly onSelect: (id: string) => void;
}) {
  const { say } = useWords();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={say('list.cameras')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{say('table.camera')}</th>
            <th scope="col">{say('fact.state')}</th>
            <th scope="col" className="table__number">
              {say('fact.bitrate')}
            </th>
            <th scope="col" className="table__number">
              {say('table.fps')}
            </th>
            <th scope="col" className="table__number">
              {say('fact.reconnects')}
            </th>
            <th scope="col" className="table__number">
              {say('fact.clock')}
            </th>
            <th scope="col" className="table__number">
              {say('table.keyFrame')}
            </th>
          </tr>
        </thead>
        <tbody>
          {cameras.map((camera) => (
            <Row key={camera.id} camera={camera} canWatch={canWatch} onSelect={onSelect} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A clock further off than this spoils recordings as evidence: it is marked. */
const CLOCK_LIMIT_MS = 2_000;

function Row({
  camera,
  canWatch,
  onSelect,
}: {
  readonly camera: CameraView;
  readonly canWatch: boolean;
  readonly onSelect: (id: string) => void;
}) {
  const { say, sayReason, language } = useWords();
  const nowMs = useServerNowMs();
  const { health, clockErrorMs } = camera;
  return (
    <tr onClick={() => onSelect(camera.id)}>
      <th scope="row" className={canWatch ? 'table__with-picture' : undefined}>
        {canWatch && <Thumbnail camera={camera} />}
        <button type="button" className="link" onClick={() => onSelect(camera.id)}>
          <b>{camera.code}</b> {camera.name}
        </button>
        {camera.place === null && <span className="row__tag">{say('list.unplaced')}</span>}
      </th>
      <td>
        <span className={`state-cell row__state--${health.state}`}>
          <StateMark state={health.state} />
          {say(`state.${health.state}`)} <span className="row__age">{age(nowMs - health.sinceMs)}</span>
        </span>
        {health.reason && <small className="table__reason">{sayReason(health.reason.code)}</small>}
        {health.checkedAtMs !== null && (
          <small className="table__reason">{say('list.checked', { age: age(nowMs - health.checkedAtMs) })}</small>
        )}
      </td>
      <td className="table__number">
        {health.bitrateKbps === null ? '–' : `${decimal(health.bitrateKbps / 1000, 2, language)} Mb/s`}
      </td>
      <td className="table__number">
        {health.framesPerSecond === null ? '–' : decimal(health.framesPerSecond, 1, language)}
      </td>
      <td className="table__number">{health.reconnects}</td>
      <td
        className={
          clockErrorMs !== null && Math.abs(clockErrorMs) > CLOCK_LIMIT_MS
            ? 'table__number table__number--warn'
            : 'table__number'
        }
      >
        {clockErrorMs === null ? '–' : signedDuration(clockErrorMs, language)}
      </td>
      <td className="table__number">{health.lastKeyFrameAtMs === null ? '–' : age(nowMs - health.lastKeyFrameAtMs)}</td>
    </tr>
  );
}
