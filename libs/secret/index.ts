export { deriveKey, open, parseMasterKey, seal, type KeyPurpose } from './seal.ts';
export { signTicket, verifyTicket, type TicketVerdict, type VideoTicket } from './ticket.ts';
