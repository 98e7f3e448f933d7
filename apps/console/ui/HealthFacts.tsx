import type { ReactNode } from 'react';
import type { CameraView } from '#libs/wire';
import { age, decimal, momentOf, signedDuration } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';

/** How a camera is, in numbers, each with what it means. Shared by the map's panel and the cameras page. */
export function HealthFacts({ camera }: { readonly camera: CameraView }) {
  const { say, sayReason, language } = useWords();
  const nowMs = useServerNowMs();
  const { health } = camera;
  const none = '–';
  const kbps = (value: number | null): string =>
    value === null
      ? none
      : value >= 1000
        ? `${decimal(value / 1000, 1, language)} Mbit/s`
        : `${Math.round(value)} kbit/s`;
  return (
    <>
      {health.reason && (
        <p className={`notice notice--${health.state === 'offline' ? 'warn' : 'note'}`}>
          {sayReason(health.reason.code)}
        </p>
      )}
      {health.checkedAtMs !== null && (
        <p className="notice notice--note">
          {say(health.state === 'standby' ? 'camera.standby' : 'camera.checkedAway', {
            age: age(nowMs - health.checkedAtMs),
          })}
        </p>
      )}
      <dl className="facts">
        <Fact name={say('fact.state')}>
          {say(`state.${health.state}`)} · {momentOf(health.sinceMs, nowMs)} ({age(nowMs - health.sinceMs)})
        </Fact>
        <Fact name={say('fact.lastKeyFrame')}>
          {health.lastKeyFrameAtMs === null ? none : say('ago', { age: age(nowMs - health.lastKeyFrameAtMs) })}
        </Fact>
        <Fact name={say('fact.bitrate')}>{kbps(health.bitrateKbps)}</Fact>
        <Fact name={say('fact.fps')}>
          {health.framesPerSecond === null ? none : decimal(health.framesPerSecond, 1, language)}
        </Fact>
        <Fact name={say('fact.activity')}>
          <ActivityText activity={health.activity} />
        </Fact>
        <Fact name={say('fact.loss')}>
          {health.lossShare === null ? none : `${decimal(health.lossShare * 100, 2, language)} %`}
        </Fact>
        <Fact name={say('fact.jitter')}>
          {health.jitterMs === null ? none : `${decimal(health.jitterMs, 1, language)} ms`}
        </Fact>
        <Fact name={say('fact.delay')}>
          {health.delayMs === null ? none : `${Math.round(health.delayMs)} ms`}
          {health.delayMs !== null && camera.clockUncertaintyMs !== null && (
            <small> ± {Math.ceil(camera.clockUncertaintyMs)} ms</small>
          )}
        </Fact>
        <Fact name={say('fact.readers')}>{health.readers ?? none}</Fact>
        <Fact name={say('fact.pulling')}>{say(camera.warm ? 'pull.warm' : 'pull.cold')}</Fact>
        <Fact name={say('fact.reconnects')}>{health.reconnects}</Fact>
        <Fact name={say('fact.clock')}>
          {camera.clockErrorMs === null ? none : signedDuration(camera.clockErrorMs, language)}
          {camera.clockUncertaintyMs !== null && <small> ± {Math.ceil(camera.clockUncertaintyMs)} ms</small>}
        </Fact>
        {camera.streams.map((stream) => (
          <Fact key={stream.role} name={say(`stream.${stream.role}`)}>
            {stream.widthPx === 0
              ? none
              : `${stream.codec.toUpperCase().replace('H26', 'H.26')} · ${stream.widthPx}×${stream.heightPx}`}
          </Fact>
        ))}
        {!camera.isPushed && (
          <Fact name={say('fact.model')}>
            {camera.manufacturer} {camera.model}
          </Fact>
        )}
        <Fact name={say('fact.updated')}>{say('ago', { age: age(nowMs - health.updatedAtMs) })}</Fact>
      </dl>
    </>
  );
}

/** Said as it is: a rate that is held says nothing about the picture, and neither does a stream that has just begun. */
function ActivityText({ activity }: Pick<CameraView['health'], 'activity'>) {
  const { say, language } = useWords();
  if (activity === null) return say('activity.none');
  const { state, score } = activity;
  return (
    <>
      {say(`activity.${state}`)}
      {score !== null && <small> · {say('activity.score', { score: decimal(Math.max(0, score), 1, language) })}</small>}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
