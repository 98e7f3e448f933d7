import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { discoveryRunView, startDiscoveryBody, type StartDiscoveryBody } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';

/** Three ways to ask: the whole segment at once, each address of a network, or one address. */
export function StartDiscovery() {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const [cidr, setCidr] = useState('');
  const [address, setAddress] = useState('');
  const start = useMutation({
    mutationFn: (body: StartDiscoveryBody) => http.ask('POST', '/api/discovery/runs', discoveryRunView, body),
  });
  const run = (body: unknown): void => {
    const parsed = startDiscoveryBody.safeParse(body);
    if (parsed.success) start.mutate(parsed.data);
  };
  return (
    <section className="ways">
      <div className="way">
        <h2>{say('discovery.multicast')}</h2>
        <p>{say('discovery.multicast.text')}</p>
        <button
          type="button"
          className="button button--main"
          onClick={() => run({ kind: 'multicast' })}
          disabled={start.isPending}
        >
          <Icon name="radar" />
          {say('discovery.start')}
        </button>
      </div>
      <form
        noValidate
        className="way"
        onSubmit={(event) => {
          event.preventDefault();
          run({ kind: 'sweep', cidr: cidr.trim() });
        }}
      >
        <h2>{say('discovery.sweep')}</h2>
        <Field
          label={say('discovery.cidr')}
          hint={say('discovery.cidr.hint')}
          value={cidr}
          onChange={setCidr}
          placeholder="192.168.10.0/24"
          maxLength={18}
        />
        <button type="submit" className="button" disabled={start.isPending || !/^[\d.]+\/\d+$/.test(cidr.trim())}>
          {say('discovery.start')}
        </button>
      </form>
      <form
        noValidate
        className="way"
        onSubmit={(event) => {
          event.preventDefault();
          run({ kind: 'address', address });
        }}
      >
        <h2>{say('discovery.address')}</h2>
        <Field
          label={say('discovery.address.label')}
          hint={say('discovery.address.hint')}
          value={address}
          onChange={setAddress}
          placeholder="192.168.10.21"
          maxLength={200}
        />
        <button type="submit" className="button" disabled={start.isPending || address.trim() === ''}>
          {say('discovery.ask')}
        </button>
      </form>
      <div className="ways__refusal" aria-live="polite">
        {start.error && <p className="notice notice--bad">{sayError(codeOf(start.error))}</p>}
      </div>
    </section>
  );
}
