import { Global, Module } from '@nestjs/common';
import { SettingStore } from './setting.store.ts';

/** What an administrator sets at run time. The routes of a setting belong to the slice that obeys it. */
@Global()
@Module({ providers: [SettingStore], exports: [SettingStore] })
export class SettingsModule {}
