import { Inject, Injectable } from '@nestjs/common';
import type { Login } from '#libs/onvif';
import { deriveKey, open, seal } from '#libs/secret';
import { API_CONFIG, type ApiConfig } from '../config.ts';

/** Seals camera logins, each bound to its camera's id. The relay opens them with the same key. */
@Injectable()
export class CredentialVault {
  private readonly key: Buffer;

  constructor(@Inject(API_CONFIG) config: Pick<ApiConfig, 'masterKey'>) {
    this.key = deriveKey(config.masterKey, 'camera-credential');
  }

  seal(login: Login, cameraId: string): Buffer {
    const { username, password } = login;
    return seal(this.key, Buffer.from(JSON.stringify({ username, password }), 'utf8'), cameraId);
  }

  /** `undefined` when it was sealed with another key, for another camera, or wiped. */
  open(sealed: Buffer, cameraId: string): Login | undefined {
    const plain = open(this.key, sealed, cameraId);
    if (!plain) return undefined;
    const fields = JSON.parse(plain.toString('utf8')) as Partial<Login>;
    if (typeof fields.username !== 'string' || typeof fields.password !== 'string') return undefined;
    return { username: fields.username, password: fields.password };
  }
}
