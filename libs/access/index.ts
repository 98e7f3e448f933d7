export { PERMISSIONS, ROLES, allows, permissionsOf, steeringPriority, type Permission, type Role } from './roles.ts';
