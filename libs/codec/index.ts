export { Assembly, type AccessUnitInfo } from './assembly.ts';
