import { useEffect, useMemo, useRef, useState } from 'react';
import './tile.css';
import type { CameraView, StreamRole } from '#libs/wire';
import { countUp, decimal } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs, useServices } from '../live/services.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import type { Picture } from './honesty.ts';
import { useStreamChoice } from './use-stream-choice.ts';
import { useTile } from './use-tile.ts';

/** A sub stream that has shown nothing for so long is not waited for: main is asked for. */
const BEGIN_WITHIN_MS = 2_000;

export interface TileProps {
  readonly camera: CameraView;
  /** `main` is always main; `sub` is raised to main while the tile is large or somebody attends to it. */
  readonly wanted: StreamRole;
  /** Hears whether the picture is live, for a page that counts its tiles. */
  readonly onKind?: (kind: Picture['kind']) => void;
}

/** One camera's picture with its name and its honest state. */
export function Tile({ camera, wanted, onKind }: TileProps) {
  const video = useRef<HTMLVideoElement>(null);
  const shot = useRef<HTMLCanvasElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const figure = useRef<HTMLElement>(null);
  const [hasBegun, setBegun] = useState(false);
  const choice = useStreamChoice(camera, wanted, figure, hasBegun);
  const refs = useMemo(() => ({ video, shot, still }), []);
  const { picture, ageMs, line } = useTile(camera.id, choice, camera.health.state === 'offline', refs);
  const isShown = picture.kind !== 'starting';
  const { clock } = useServices();
  useEffect(() => {
    if (isShown) setBegun(true);
    const limit = clock.after(BEGIN_WITHIN_MS, () => setBegun(true));
    return () => limit.cancel();
  }, [isShown, clock]);
  const kind = choice ? picture.kind : 'lost';
  useEffect(() => onKind?.(kind), [kind, onKind]);
  return (
    <figure
      ref={figure}
      className={`tile tile--${kind}`}
      data-camera={camera.code}
      data-picture={kind}
      data-line={line}
      data-stream={choice?.stream}
      data-as={choice?.as}
    >
      <video ref={video} muted playsInline disableRemotePlayback aria-hidden="true" tabIndex={-1} />
      <canvas ref={shot} className="tile__shot" aria-hidden="true" data-shown={isStillShown(picture)} />
      <canvas ref={still} className="tile__still" aria-hidden="true" />
      {choice ? <Cover camera={camera} picture={picture} ageMs={ageMs} /> : <Unplayable />}
      {choice?.insteadOf && <Instead role={choice.insteadOf} />}
      {choice?.as && picture.kind === 'live' && <Converted />}
      <Caption camera={camera} picture={picture} />
    </figure>
  );
}

/** Over a picture that is not live: what is the matter, and since when it counts. */
function Cover({
  camera,
  picture,
  ageMs,
}: {
  readonly camera: CameraView;
  readonly picture: Picture;
  readonly ageMs: number;
}) {
  const { say, sayReason } = useWords();
  if (picture.kind === 'live') return null;
  if (picture.kind === 'late') {
    return <p className="tile__late">{say('tile.late', { time: countUp(picture.latencyMs) })}</p>;
  }
  if (picture.kind === 'stills') return <Stills picture={picture} ageMs={ageMs} />;
  if (picture.kind === 'starting') {
    return (
      <div className="tile__cover">
        <span className="tile__word tile__word--quiet">{say('tile.starting')}</span>
        {picture.takenAtMs !== undefined && (
          <span className="tile__reason">{say('tile.startingStill', { time: countUp(ageMs) })}</span>
        )}
      </div>
    );
  }
  if (picture.cause === 'unplayable') return <Unplayable />;
  const away = camera.health.state === 'offline';
  const neverSeen = picture.lastFrameAtMs === null;
  const reason = away ? camera.health.reason?.code : picture.code;
  return (
    <div className="tile__cover">
      <span className="tile__word">{say('tile.lost')}</span>
      {neverSeen && away ? (
        <AwayFor sinceMs={camera.health.sinceMs} />
      ) : (
        <span className="tile__age">{countUp(ageMs)}</span>
      )}
      {reason && <span className="tile__reason">{sayReason(reason)}</span>}
    </div>
  );
}

/** This page never had a picture of it: the age is the camera's own, as the relay counts it. */
function AwayFor({ sinceMs }: { readonly sinceMs: number }) {
  return <span className="tile__age">{countUp(useServerNowMs() - sinceMs)}</span>;
}

/** Single pictures are no video: that is said, with the age of the one that is seen and with what keeps video away. */
function Stills({
  picture,
  ageMs,
}: {
  readonly picture: Extract<Picture, { kind: 'stills' }>;
  readonly ageMs: number;
}) {
  const { say, sayReason } = useWords();
  const { why } = picture;
  return (
    <p className="tile__stills">
      {say('tile.stills', { time: countUp(ageMs) })}
      {why !== undefined && /^(convert|ffmpeg)-/.test(why) && <small> · {sayReason(why)}</small>}
    </p>
  );
}

function Converted() {
  const { say } = useWords();
  return <p className="tile__note tile__note--quiet">{say('tile.converted')}</p>;
}

function isStillShown(picture: Picture): boolean {
  return picture.kind === 'stills' || (picture.kind === 'starting' && picture.takenAtMs !== undefined);
}

function Unplayable() {
  const { say } = useWords();
  return (
    <div className="tile__cover">
      <span className="tile__word">{say('tile.unplayable')}</span>
      <span className="tile__reason">{say('tile.unplayable.text')}</span>
    </div>
  );
}

function Instead({ role }: { readonly role: StreamRole }) {
  const { say } = useWords();
  return <p className="tile__note">{say(role === 'main' ? 'tile.insteadOfMain' : 'tile.insteadOfSub')}</p>;
}

function Caption({ camera, picture }: { readonly camera: CameraView; readonly picture: Picture }) {
  const { say, language } = useWords();
  const state =
    picture.kind === 'live'
      ? camera.health.state
      : picture.kind === 'late' || picture.kind === 'stills'
        ? 'degraded'
        : picture.kind === 'starting'
          ? 'connecting'
          : 'offline';
  const latencyMs = picture.kind === 'live' ? picture.latencyMs : null;
  // What the relay said last is older than a picture that moves before our eyes.
  const shown =
    picture.kind !== 'live' ? state : state === 'offline' ? 'degraded' : state === 'standby' ? 'online' : state;
  return (
    <figcaption className="tile__caption">
      <StateMark state={shown} />
      <b>{camera.code}</b>
      <span className="tile__name">{camera.name}</span>
      <span className="tile__latency">
        {picture.kind === 'live' &&
          (latencyMs === null ? say('tile.live') : `${decimal(latencyMs / 1_000, 1, language)} s`)}
        {picture.kind === 'lost' && say('state.offline')}
      </span>
    </figcaption>
  );
}
