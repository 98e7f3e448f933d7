import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { MAX_ADDED_NETWORKS, cameraNetworksView, type CameraNetworksView } from '#libs/wire';
import { dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Failed, Loading } from '../ui/States.tsx';

const PATH = '/api/settings/camera-networks';
const KEY = ['camera-networks'];

/** Where cameras may be: the server's own networks, and those that an administrator added. */
export function CameraNetworks() {
  const { say } = useWords();
  const { http } = useServices();
  const networks = useQuery({ queryKey: KEY, queryFn: () => http.ask('GET', PATH, cameraNetworksView) });
  if (networks.error) return <Failed code={codeOf(networks.error)} onRetry={() => void networks.refetch()} />;
  if (!networks.data) return <Loading />;
  const { base, changedAtMs, changedBy, camerasOutside } = networks.data;
  return (
    <div className="stack networks">
      <p>{say('networks.intro')}</p>
      {camerasOutside.length > 0 && (
        <p className="notice notice--warn">{say('networks.outside', { codes: camerasOutside.join(', ') })}</p>
      )}
      <section className="stack stack--tight">
        <h2>{say('networks.base')}</h2>
        <ul className="networks__list">
          {base.map((network) => (
            <li key={network}>
              <code>{network}</code>
            </li>
          ))}
        </ul>
      </section>
      <Added view={networks.data} />
      {changedAtMs !== null && (
        <small>{say('networks.changed', { date: dateTime(changedAtMs), who: changedBy ?? '–' })}</small>
      )}
    </div>
  );
}

/** Each press is saved by itself, on top of what was seen: there is no draft that could be forgotten. */
function Added({ view }: { readonly view: CameraNetworksView }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const save = useMutation({
    mutationFn: (added: readonly string[]) =>
      http.ask('PUT', PATH, cameraNetworksView, { added, basedOnMs: view.changedAtMs }),
    onSuccess: (saved) => queries.setQueryData(KEY, saved),
    onError: async (error) => {
      if (codeOf(error) === 'setting-changed') await queries.invalidateQueries({ queryKey: KEY });
    },
  });
  const full = view.added.length >= MAX_ADDED_NETWORKS;
  const add = (): void => save.mutate([...view.added, typed.trim()], { onSuccess: () => setTyped('') });
  return (
    <section className="stack stack--tight">
      <h2>{say('networks.added')}</h2>
      {view.added.length === 0 && <p>{say('networks.none')}</p>}
      <ul className="networks__list">
        {view.added.map((network) => (
          <li key={network}>
            <code>{network}</code>
            <button
              type="button"
              className="button button--small"
              disabled={save.isPending}
              onClick={() => save.mutate(view.added.filter((one) => one !== network))}
            >
              {say('networks.remove')}
              <span className="sr-only"> {network}</span>
            </button>
          </li>
        ))}
      </ul>
      <form
        className="networks__new"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() && !full && !save.isPending) add();
        }}
      >
        <Field
          label={say('networks.new')}
          hint={full ? say('networks.full') : say('networks.new.hint')}
          value={typed}
          onChange={setTyped}
          maxLength={60}
          autoComplete="off"
          disabled={full}
        />
        <button
          type="submit"
          className="button button--main button--start"
          disabled={!typed.trim() || full || save.isPending}
        >
          <Icon name="plus" />
          {say('networks.add')}
        </button>
      </form>
      <div aria-live="polite">{save.error && <p className="notice notice--bad">{sayError(codeOf(save.error))}</p>}</div>
    </section>
  );
}
