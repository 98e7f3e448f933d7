import type { ZoneView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { ReasonDialog } from './ReasonDialog.tsx';

export interface RemoveZoneDialogProps {
  readonly zone: ZoneView;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

/** Takes a zone off the map. */
export function RemoveZoneDialog({ zone, onClose, onRemoved }: RemoveZoneDialogProps) {
  const { say } = useWords();
  return (
    <ReasonDialog
      title={say('zones.remove')}
      what={zone.name}
      effects={[say('zones.remove.effect.map'), say('zones.remove.effect.cameras')]}
      confirm={say('zones.remove')}
      path={`/api/zones/${zone.id}`}
      onClose={onClose}
      onRemoved={onRemoved}
    />
  );
}
