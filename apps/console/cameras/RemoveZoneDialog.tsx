import { useMutation } from '@tanstack/react-query';
import type { ZoneView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';

/** Says what goes with a zone. */
export function RemoveZoneDialog({
  zone,
  onClose,
  onRemoved,
}: {
  readonly zone: ZoneView;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const remove = useMutation({ mutationFn: () => http.tell('DELETE', `/api/zones/${zone.id}`), onSuccess: onRemoved });
  const action = (
    <button type="button" className="button button--danger" onClick={() => remove.mutate()} disabled={remove.isPending}>
      {say('zones.remove')}
    </button>
  );
  return (
    <Dialog title={`${say('zones.remove')} · ${zone.name}`} onClose={onClose} actions={action}>
      <p>{say('zones.remove.text')}</p>
      {remove.error && <p className="notice notice--bad">{sayError(codeOf(remove.error))}</p>}
    </Dialog>
  );
}
