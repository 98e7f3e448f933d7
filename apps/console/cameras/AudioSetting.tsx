import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cameraAudioBody, cameraDetail, type CameraAudioBody, type CameraDetail } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';

interface AudioSettingProps {
  readonly camera: CameraDetail;
  /** Whether this person may turn it on and off; others see how it stands. */
  readonly mayChange: boolean;
}

/** Voice is personal data (Ley 29733): off, or on with the reason that somebody gave. */
export function AudioSetting({ camera, mayChange }: AudioSettingProps) {
  const { say } = useWords();
  const [isAsking, setAsking] = useState(false);
  const { enabled, reason } = camera.audio;
  return (
    <div className="field">
      <span className="field__title">{say('audio.title')}</span>
      <p>{enabled ? say('audio.on', { reason: reason ?? '–' }) : say('audio.off')}</p>
      {mayChange && (
        <button type="button" className="button button--small" onClick={() => setAsking(true)}>
          {say(enabled ? 'audio.turnOff' : 'audio.turnOn')}
        </button>
      )}
      {isAsking && <AudioDialog camera={camera} onClose={() => setAsking(false)} />}
    </div>
  );
}

function AudioDialog({ camera, onClose }: { readonly camera: CameraDetail; readonly onClose: () => void }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const enabled = !camera.audio.enabled;
  const body = cameraAudioBody.safeParse({ enabled, reason });
  const change = useMutation({
    mutationFn: (wanted: CameraAudioBody) => http.ask('PUT', `/api/cameras/${camera.id}/audio`, cameraDetail, wanted),
    onSuccess: (detail) => {
      queries.setQueryData(['camera', camera.id], detail);
      onClose();
    },
  });
  const title = say(enabled ? 'audio.turnOn' : 'audio.turnOff');
  const action = (
    <button type="submit" className="button button--main" disabled={!body.success || change.isPending}>
      {title}
    </button>
  );
  return (
    <Dialog
      title={`${title} · ${camera.code}`}
      onClose={onClose}
      onSubmit={() => body.success && change.mutate(body.data)}
      actions={action}
    >
      {enabled && <p>{say('audio.law')}</p>}
      <p>{say('audio.effect')}</p>
      <Field
        label={say('audio.reason')}
        hint={say('audio.reason.hint')}
        value={reason}
        onChange={setReason}
        maxLength={300}
        required
      />
      <div aria-live="polite">
        {change.error && <p className="notice notice--bad">{sayError(codeOf(change.error))}</p>}
      </div>
    </Dialog>
  );
}
