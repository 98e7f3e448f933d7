import { useId } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RTSP_TRANSPORTS, cameraDetail, type CameraDetail, type RtspTransport } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';

/** How the relay asks a camera for its video. Takes effect when it is chosen: there is nothing to fill in. */
export function TransportField({ camera }: { readonly camera: CameraDetail }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const id = useId();
  const change = useMutation({
    mutationFn: (transport: RtspTransport) =>
      http.ask('PATCH', `/api/cameras/${camera.id}`, cameraDetail, { transport }),
    onSuccess: (detail) => queries.setQueryData(['camera', camera.id], detail),
  });
  return (
    <div className="field">
      <label htmlFor={id}>{say('transport.label')}</label>
      <select
        id={id}
        aria-describedby={`${id}-hint`}
        value={change.isPending ? change.variables : camera.transport}
        disabled={change.isPending}
        onChange={(event) => change.mutate(RTSP_TRANSPORTS.find((each) => each === event.target.value) ?? 'tcp')}
      >
        {RTSP_TRANSPORTS.map((each) => (
          <option key={each} value={each}>
            {say(`transport.${each}`)}
          </option>
        ))}
      </select>
      <small id={`${id}-hint`} className="field__hint">
        {say('transport.hint')}
      </small>
      <div aria-live="polite">
        {change.error && <p className="notice notice--bad">{sayError(codeOf(change.error))}</p>}
        {change.isSuccess && <p className="notice notice--good">{say('saved')}</p>}
      </div>
    </div>
  );
}
