export interface SimulatedCamera {
  readonly id: string;
  readonly name: string;
  /** Of the head of a camera that turns. */
  readonly position: { readonly pan: number; readonly tilt: number; readonly zoom: number; readonly moving: boolean };
}

/** The simulator's control interface, as tests use it. */
export interface Simulator {
  cameras(): Promise<SimulatedCamera[]>;
  setFaults(id: string, faults: Readonly<Record<string, unknown>>): Promise<void>;
  reboot(id: string, host: string): Promise<void>;
}

export function simulator(url: string): Simulator {
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  return {
    cameras: async () => ((await send('GET', '/cameras')) as { cameras: SimulatedCamera[] }).cameras,
    setFaults: async (id, faults) => void (await send('PATCH', `/cameras/${id}/faults`, faults)),
    reboot: async (id, host) => void (await send('POST', `/cameras/${id}/reboot`, { host })),
  };
}
