import { useMutation, useQueryClient } from '@tanstack/react-query';
import { publisherWithKey, type PublisherView, type PublisherWithKey } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { CopyField } from '../ui/CopyField.tsx';
import { Dialog } from '../ui/Dialog.tsx';

interface KeyDialogProps {
  readonly publisher: PublisherView;
  readonly name: string;
  readonly onClose: () => void;
}

/** Says what a new key does to the one before, and asks for it. */
export function NewKeyDialog({
  publisher,
  name,
  onClose,
  onGiven,
}: KeyDialogProps & { readonly onGiven: (publisher: PublisherWithKey) => void }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const title = say(publisher.hasKey ? 'publisherKey.new' : 'publisherKey.give');
  const give = useMutation({
    mutationFn: () => http.ask('POST', `/api/publishers/${publisher.cameraId}/key`, publisherWithKey, {}),
    onSuccess: async (given) => {
      await queries.invalidateQueries({ queryKey: ['publishers'] });
      onGiven(given);
    },
  });
  const action = (
    <button type="submit" className="button button--main" disabled={give.isPending}>
      {title}
    </button>
  );
  return (
    <Dialog title={title} onClose={onClose} onSubmit={() => give.mutate()} actions={action}>
      <p>
        <b>{name}</b>
      </p>
      <ul className="effects">
        {publisher.hasKey && <li>{say('publisherKey.new.effect')}</li>}
        <li>{say('publisherKey.new.next')}</li>
      </ul>
      <div aria-live="polite">{give.error && <p className="notice notice--bad">{sayError(codeOf(give.error))}</p>}</div>
    </Dialog>
  );
}

/** Says what a revocation does, and asks for it. */
export function RevokeKeyDialog({ publisher, name, onClose }: KeyDialogProps) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => http.tell('DELETE', `/api/publishers/${publisher.cameraId}/key`),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['publishers'] });
      onClose();
    },
  });
  const action = (
    <button type="submit" className="button button--danger" disabled={revoke.isPending}>
      {say('publisherKey.revoke')}
    </button>
  );
  return (
    <Dialog
      title={say('publisherKey.revoke.title')}
      onClose={onClose}
      onSubmit={() => revoke.mutate()}
      actions={action}
    >
      <p>
        <b>{name}</b>
      </p>
      <ul className="effects">
        <li>{say('publisherKey.revoke.effect')}</li>
        <li>{say('publisherKey.revoke.next')}</li>
      </ul>
      <div aria-live="polite">
        {revoke.error && <p className="notice notice--bad">{sayError(codeOf(revoke.error))}</p>}
      </div>
    </Dialog>
  );
}

/** The one time that a key is shown, cut up as devices ask for it. */
export function ShownKeyDialog({
  publisher,
  name,
  onClose,
}: Omit<KeyDialogProps, 'publisher'> & { readonly publisher: PublisherWithKey }) {
  const { say } = useWords();
  const { address, streamName, key } = publisher;
  const streamKey = `${streamName}?key=${key}`;
  const server = address?.slice(0, -streamName.length - 1);
  return (
    <Dialog title={say('publisherKey.title')} onClose={onClose} done>
      <p>
        <b>{name}</b>
      </p>
      <p className="notice notice--warn">{say('publisherKey.once')}</p>
      {server === undefined ? (
        <p className="notice notice--bad">{say('publishers.closed')}</p>
      ) : (
        <CopyField label={say('publisherKey.server')} value={server} />
      )}
      <CopyField label={say('publisherKey.stream')} value={streamKey} />
      {server !== undefined && (
        <CopyField
          label={say('publisherKey.full')}
          hint={say('publisherKey.full.hint')}
          value={`${server}/${streamKey}`}
        />
      )}
      <p className="publishers__text">{say('publisherKey.codec')}</p>
    </Dialog>
  );
}
