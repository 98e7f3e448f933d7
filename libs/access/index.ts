export { PERMISSIONS, ROLES, allows, permissionsOf, type Permission, type Role } from './roles.ts';
