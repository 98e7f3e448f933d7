import { useId } from 'react';
import type { CandidateProbe } from '#libs/wire';
import { decimal } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { browserPlays } from '../player/browser-video.ts';

export interface ProfileChoiceProps {
  readonly probe: CandidateProbe;
  readonly mainProfile: string;
  readonly subProfile: string | null;
  readonly onMain: (token: string) => void;
  readonly onSub: (token: string | null) => void;
}

/** Which of the camera's profiles is the large picture and which the one for walls. */
export function ProfileChoice({ probe, mainProfile, subProfile, onMain, onSub }: ProfileChoiceProps) {
  const { say } = useWords();
  const ids = { main: useId(), sub: useId() };
  const codecOf = (token: string | null): 'h264' | 'h265' | 'mjpeg' | undefined =>
    probe.profiles.find((profile) => profile.token === token)?.codec;
  const wallCodec = codecOf(subProfile ?? mainProfile);
  return (
    <div className="profiles">
      <div className="field">
        <label htmlFor={ids.main}>{say('stream.main')}</label>
        <select id={ids.main} value={mainProfile} onChange={(event) => onMain(event.target.value)}>
          <Options probe={probe} />
        </select>
      </div>
      <div className="field">
        <label htmlFor={ids.sub}>{say('stream.sub')}</label>
        <select id={ids.sub} value={subProfile ?? ''} onChange={(event) => onSub(event.target.value || null)}>
          <option value="">{say('profiles.noSub')}</option>
          <Options probe={probe} />
        </select>
      </div>
      {wallCodec && !browserPlays(wallCodec) && <p className="notice notice--note">{say('profiles.notPlayable')}</p>}
    </div>
  );
}

function Options({ probe }: { readonly probe: CandidateProbe }) {
  const { say, language } = useWords();
  return probe.profiles.map(({ token, name, codec, widthPx, heightPx, framesPerSecond, bitrateKbps }) => {
    const facts = [
      codec.toUpperCase().replace('H26', 'H.26'),
      `${widthPx}×${heightPx}`,
      framesPerSecond === null
        ? ''
        : `${decimal(framesPerSecond, Number.isInteger(framesPerSecond) ? 0 : 1, language)} ${say('unit.fps')}`,
      bitrateKbps === null ? '' : `${bitrateKbps} kbit/s`,
    ];
    return (
      <option key={token} value={token}>
        {name} · {facts.filter(Boolean).join(' · ')}
      </option>
    );
  });
}
