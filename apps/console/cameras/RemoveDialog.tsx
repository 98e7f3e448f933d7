import type { CameraView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { ReasonDialog } from './ReasonDialog.tsx';

export interface RemoveDialogProps {
  readonly camera: CameraView;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

/** Takes a camera out of the centre. */
export function RemoveDialog({ camera, onClose, onRemoved }: RemoveDialogProps) {
  const { say } = useWords();
  const effects = [
    say('remove.effect.picture'),
    say('remove.effect.coverage'),
    say(camera.isPushed ? 'remove.effect.key' : 'remove.effect.login'),
    say(camera.isPushed ? 'remove.effect.history' : 'remove.effect.back'),
  ];
  return (
    <ReasonDialog
      title={say('remove.title')}
      what={`${camera.code} ${camera.name}`}
      effects={effects}
      confirm={say('remove.confirm', { code: camera.code })}
      path={`/api/cameras/${camera.id}`}
      onClose={onClose}
      onRemoved={onRemoved}
    />
  );
}
