import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { Logger } from '#libs/base';
import { CLOCK, type Clock } from './clock.ts';
import { API_CONFIG, type ApiConfig } from './config.ts';
import { dataSourceOptions, migrate } from './data-source.ts';
import { LOGGER } from './logging.ts';

/** What `main.ts` (or a test) decides and every slice may ask for. */
export interface Spine {
  readonly config: ApiConfig;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Settings, time, log and the migrated database, injected by {@link API_CONFIG}, {@link CLOCK}, {@link LOGGER} and `DataSource`. */
@Global()
@Module({})
export class SpineModule {
  static for({ config, clock, logger }: Spine): DynamicModule {
    return {
      module: SpineModule,
      imports: [databaseModule(config, logger)],
      providers: [
        { provide: API_CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
        { provide: LOGGER, useValue: logger },
      ],
      exports: [API_CONFIG, CLOCK, LOGGER],
    };
  }
}

/** Connects (the supervisor may have started the server a moment ago) and migrates before any slice is made. */
function databaseModule(config: ApiConfig, logger: Logger): DynamicModule {
  return TypeOrmModule.forRootAsync({
    useFactory: () => ({ ...dataSourceOptions(config, logger), retryAttempts: 20, retryDelay: 500 }),
    dataSourceFactory: async (options) => {
      const dataSource = await new DataSource(options as DataSourceOptions).initialize();
      const applied = await migrate(dataSource);
      if (applied.length > 0) logger.info({ applied }, 'migrations applied');
      return dataSource;
    },
  });
}
