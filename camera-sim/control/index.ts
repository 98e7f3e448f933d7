export { ControlServer } from './server.ts';
export type { ControlledCamera } from './routes.ts';
