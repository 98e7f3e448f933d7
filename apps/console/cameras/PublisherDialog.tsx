import { useId, useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import {
  PUBLISHER_KINDS,
  changePublisherBody,
  createPublisherBody,
  publisherView,
  publisherWithKey,
  type PublisherKind,
  type PublisherView,
  type PublisherWithKey,
} from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';

export interface PublisherDialogProps {
  /** `null`: a new one is registered. */
  readonly publisher: PublisherView | null;
  readonly onClose: () => void;
  /** With the new one and its key, or after a change with nothing. */
  readonly onDone: (made?: PublisherWithKey) => void;
}

/** A camera that is to send by itself: what it is called, what it is, who carries it. Its place is set on the map later. */
export function PublisherDialog({ publisher, onClose, onDone }: PublisherDialogProps) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [code, setCode] = useState('');
  const [kind, setKind] = useState<PublisherKind>(publisher?.kind ?? 'body-camera');
  const [holder, setHolder] = useState(publisher?.holder ?? '');
  const kindId = useId();
  const what = { kind, holder: holder.trim() === '' ? null : holder };
  const body = publisher
    ? changePublisherBody.safeParse(what)
    : createPublisherBody.safeParse({
        ...what,
        name,
        place: null,
        ...(code.trim() === '' ? {} : { code: code.toUpperCase() }),
      });
  const save = useMutation({
    mutationFn: async () => {
      if (!publisher) return http.ask('POST', '/api/publishers', publisherWithKey, body.data);
      await http.ask('PATCH', `/api/publishers/${publisher.cameraId}`, publisherView, body.data);
      return undefined;
    },
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['publishers'] });
      onDone(made);
    },
  });
  const action = (
    <button type="submit" className="button button--main" disabled={!body.success || save.isPending}>
      {say(publisher ? 'save' : 'publishers.new')}
    </button>
  );
  return (
    <Dialog
      title={say(publisher ? 'edit' : 'publishers.new')}
      onClose={onClose}
      onSubmit={() => body.success && save.mutate()}
      actions={action}
    >
      {!publisher && (
        <>
          <Field label={say('edit.name')} value={name} onChange={setName} maxLength={80} required />
          <Field
            label={say('edit.code')}
            hint={say('publishers.code.hint')}
            value={code}
            onChange={setCode}
            maxLength={16}
          />
        </>
      )}
      <div className="field">
        <label htmlFor={kindId}>{say('publishers.kind')}</label>
        <select
          id={kindId}
          value={kind}
          onChange={(event) => setKind(PUBLISHER_KINDS.find((one) => one === event.target.value) ?? kind)}
        >
          {PUBLISHER_KINDS.map((one) => (
            <option key={one} value={one}>
              {say(`publisherKind.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={say('publishers.holder')}
        hint={say('publishers.holder.hint')}
        value={holder}
        onChange={setHolder}
        maxLength={80}
      />
      <div aria-live="polite">{save.error && <p className="notice notice--bad">{sayError(codeOf(save.error))}</p>}</div>
    </Dialog>
  );
}
