import onvif from 'onvif';

/** Promises over the callbacks of the npm package `onvif`, for tests: a client that is not ours. */
export interface PackageCam {
  readonly timeShift: number;
  readonly media2Support?: boolean;
  readonly profiles: readonly PackageProfile[];
  readonly activeSource: { readonly profileToken: string };
  readonly uri: Readonly<Record<string, { href: string } | undefined>>;
  on(event: 'event', listener: (message: unknown) => void): void;
  removeAllListeners(event: string): void;
}

export interface PackageProfile {
  readonly $: { readonly token: string };
  readonly name: string;
  readonly videoEncoderConfiguration?: {
    readonly encoding: string;
    readonly resolution: { readonly width: number; readonly height: number };
  };
  readonly PTZConfiguration?: { readonly name: string };
}

export interface ConnectOptions {
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** `true` goes on at the host and port given, whatever the camera says. */
  readonly preserveAddress?: boolean;
}

type AnyFunction = (...values: unknown[]) => void;

export function connectPackage(options: ConnectOptions): Promise<PackageCam> {
  return new Promise((resolve, reject) => {
    const cam = new onvif.Cam({ ...options, timeout: 5_000, autoconnect: false });
    cam.connect((error: unknown) => (error ? reject(error) : resolve(cam as unknown as PackageCam)));
  });
}

/** Calls a method that ends with a Node callback. */
export function callPackage<T>(cam: PackageCam, method: string, ...values: unknown[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, data: T): void => (error ? reject(error) : resolve(data));
    (cam as unknown as Record<string, AnyFunction>)[method]?.call(cam, ...values, done);
  });
}
